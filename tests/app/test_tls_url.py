"""One spelling of TLS for both ways into the database."""

from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.storage import Storage, external
from db.database import Database
from tests.world import World


async def test_sslmode_is_understood_by_owner_and_gateway(world: World) -> None:
    """``?sslmode=`` on the URL reaches both drivers, though one of them calls it ``ssl``."""
    owner_url, gateway_url = (
        make_url(url or "").update_query_dict({"sslmode": "disable"}).render_as_string(hide_password=False)
        for url in (world.storage.owner_url, world.storage.gateway_url)
    )
    storage: Storage = external(owner_url, gateway_url)
    async with storage.owner() as engine, engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    database = await Database.connect(storage.gateway_url, pool_size=1)
    assert await database.applied_revisions()
    await database.close()
