"""A PostgreSQL of the bench's own: embedded, migrated, filled, gone when the run is over."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage import Storage, create_database, embedded
from bench.queries import Asker
from bench.rows import fill
from db.catalogue import Catalogue
from db.models.identity import Account
from db.viewer import Role
from graphql_api.authentication import Tokens

ASKERS = 32
"""People who take turns in asking a question; all of them where there are fewer."""

_PEOPLE = """
SELECT id, email, full_name, role, organization_id, created_at FROM users.accounts
WHERE role = :role ORDER BY email"""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled database: how to log in as the gateway, and tokens of the people who ask."""

    gateway_url: str
    server_version: str
    tokens: dict[Asker, tuple[str, ...]]


@contextmanager
def postgres() -> Iterator[Storage]:
    """An embedded server in a temporary folder, whose path is short enough for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="ftg-bench-"))
    storage = embedded(folder / "pg", "bench")
    try:
        yield storage
    finally:
        storage.embedded.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def fill_anew(
    storage: Storage, catalogue: Catalogue, users: int, secret: str, setups: Sequence[str] = ()
) -> Filled:
    """Empty the database, migrate it, write ``users`` people, sign tokens for those who ask.

    ``setups`` are scripts of SQL that peers need besides, run by the owner.
    """
    await create_database(storage, anew=True)
    await storage.migrate(catalogue)
    signer = Tokens(secret, timedelta(hours=4), lambda: datetime.now(UTC))
    async with storage.owner() as owner:
        await fill(owner, catalogue, users)
        for script in setups:
            await _run_script(owner, script)
        async with owner.connect() as connection:
            tokens: dict[Asker, tuple[str, ...]] = {
                "participants": await _tokens(connection, signer, Role.USER),
                "admins": await _tokens(connection, signer, Role.ADMIN),
            }
            version: str = await connection.scalar(text("SHOW server_version"))
    return Filled(storage.gateway_url, version, tokens)


async def _run_script(owner: AsyncEngine, script: str) -> None:
    async with owner.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(script)


async def _tokens(connection: AsyncConnection, signer: Tokens, role: Role) -> tuple[str, ...]:
    rows = (await connection.execute(text(_PEOPLE), {"role": role.value})).all()
    spread = rows[:: max(1, len(rows) // ASKERS)][:ASKERS]
    accounts = [
        Account(row.id, row.email, row.full_name, role, row.organization_id, (), row.created_at, None) for row in spread
    ]
    return tuple(signer.sign(account) for account in accounts)
