"""A PostgreSQL of the bench's own: embedded, migrated, filled, gone when the run is over."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage import Storage, create_database, embedded
from bench.queries import Asker
from bench.rows import fill
from db.catalogue import Catalogue
from db.models.identity import Account
from db.viewer import Role
from graphql_api.authentication import Tokens
from graphql_api.signing_keys import Keys

ASKERS = 32
"""People who take turns in asking a question; all of them where there are fewer."""

WRITERS = 250
"""People who write, of the first organisations: more, so that they seldom wait for their own last write."""

_PEOPLE = """
SELECT id, email, full_name, role, organization_id, created_at FROM users.accounts
WHERE role = :role AND full_name <= :last_name ORDER BY email"""


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


async def fill_anew(storage: Storage, catalogue: Catalogue, users: int, secret: str) -> Filled:
    """Empty the database, migrate it, write ``users`` people, and sign tokens for those who ask."""
    await create_database(storage, anew=True)
    await storage.migrate(catalogue)
    signer = Tokens(Keys(None, secret), timedelta(hours=4), lambda: datetime.now(UTC))
    async with storage.owner() as owner:
        await fill(owner, catalogue, users)
        async with owner.connect() as connection:
            tokens: dict[Asker, tuple[str, ...]] = {
                "participants": await _tokens(connection, signer, Role.USER),
                "admins": await _tokens(connection, signer, Role.ADMIN),
                "writers": await _tokens(connection, signer, Role.USER, WRITERS),
            }
            version: str = await connection.scalar(text("SHOW server_version"))
    return Filled(storage.gateway_url, version, tokens)


async def run_as_owner(storage: Storage, script: str) -> None:
    """A script of several statements, in one transaction."""
    async with storage.owner() as owner, owner.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(script)


async def _tokens(connection: AsyncConnection, signer: Tokens, role: Role, first: int | None = None) -> tuple[str, ...]:
    """Tokens of a few people spread over all, or of everyone among the ``first``."""
    last_name = f"Person {first or 999_999:06}"
    rows = (await connection.execute(text(_PEOPLE), {"role": role.value, "last_name": last_name})).all()
    asking = rows if first else rows[:: max(1, len(rows) // ASKERS)][:ASKERS]
    accounts = [
        Account(row.id, row.email, row.full_name, role, row.organization_id, (), row.created_at, None) for row in asking
    ]
    return tuple(signer.sign(account) for account in accounts)
