"""Replaces keys while gateways serve: the operator's key around each data key, or the data keys themselves.

How far a rotation has come stands in the rows. One that was killed is resumed by running it again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.catalogue import Catalogue
from db.encryption.envelope import MARK
from db.encryption.key_ring import KeyRing, WrappedKey
from db.encryption.reencryption import BATCH, Reencrypted, Told, reencrypt
from db.encryption.tenant_keys import WRAPPED, Tenant, replace_key, unfinished

_ONE_AT_A_TIME = 7305403
"""Key of the advisory lock that lets only one process rotate at a time."""

_PATIENCE = 15
"""Seconds to wait for another rotation; a killed one's session may live on in the server for a moment."""

_LOCK_NOT_AVAILABLE = "55P03"


class RotationRunning(Exception):
    """Another process changes keys or answers of this database. Run the command again when it has ended."""

    def __str__(self) -> str:
        return self.__doc__ or ""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of the data keys and the answers. ``stranded``: old keys that an answer names which did not open."""

    replaced: int
    removed: int
    stranded: int
    answers: Reencrypted


@asynccontextmanager
async def alone(engine: AsyncEngine) -> AsyncIterator[None]:
    """No other process is in such a block at the same time. Raises ``RotationRunning``."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"SET lock_timeout = '{_PATIENCE}s'"))
        try:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise RotationRunning from error
            raise
        try:
            yield
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_AT_A_TIME})


async def rewrap(engine: AsyncEngine, ring: KeyRing, told: Told) -> int:
    """Wrap every data key and the secret of every webhook with the newest of the operator's keys; how many were wrapped
    anew.

    Raises ``EncryptionKeyError`` at the first one that the ring does not unwrap; those before it are done.
    """
    done = 0
    async with alone(engine):
        for table, columns in _WRAPPED_ROWS.items():
            done += await _rewrap(engine, ring, table, columns, told)
    return done


_WRAPPED_ROWS = {
    "organizations.data_keys": WRAPPED,
    "webhooks.endpoints": "id, organization_id AS tenant_id, wrapped, wrapped_by, fingerprint",
}
"""Tables whose rows hold something wrapped, and its columns."""


async def _rewrap(engine: AsyncEngine, ring: KeyRing, table: str, columns: str, told: Told) -> int:
    newest, done = ring.newest, 0
    select = text(
        f"SELECT {columns} FROM {table}"
        " WHERE (wrapped_by, fingerprint) <> (:key, :fingerprint) ORDER BY id LIMIT :batch FOR UPDATE"
    )
    update = text(
        f"UPDATE {table} SET wrapped = :wrapped, wrapped_by = :wrapped_by, fingerprint = :fingerprint WHERE id = :id"
    )
    terms = {"key": newest.id, "fingerprint": newest.fingerprint, "batch": BATCH}
    while True:
        async with engine.begin() as connection:
            keys = [WrappedKey(**row._mapping) for row in await connection.execute(select, terms)]
            if not keys:
                return done
            anew = [ring.wrap(ring.unwrap(key), key.id, key.tenant_id) for key in keys]
            await connection.execute(
                update,
                [
                    {"id": k.id, "wrapped": k.wrapped, "wrapped_by": k.wrapped_by, "fingerprint": k.fingerprint}
                    for k in anew
                ],
            )
        done += len(keys)
        told(f"{table}: {done} keys wrapped by {newest.id}")


async def seal_stored(engine: AsyncEngine, catalogue: Catalogue, ring: KeyRing, told: Told) -> Reencrypted:
    """Bring the answers that are stored into the form that the catalogue asks for. Raises ``EncryptionKeyError``."""
    async with alone(engine):
        return await reencrypt(engine, catalogue, ring, told)


async def rotate(engine: AsyncEngine, catalogue: Catalogue, ring: KeyRing, told: Told) -> Rotated:
    """Give every tenant a new data key, encrypt all answers with it, and remove the old ones.

    A rotation that was begun and not ended is ended first, and is the only thing done. A data key that some answer
    still needs stays. Raises ``EncryptionKeyError``.
    """
    async with alone(engine):
        async with engine.begin() as connection:
            if await unfinished(connection):
                told("resuming the rotation that was begun")
            else:
                begin = "UPDATE organizations.data_keys SET status = 'outgoing' WHERE status = 'current'"
                await connection.execute(text(begin))
        replaced = await _replace_outgoing(engine, ring, told)
        answers = await reencrypt(engine, catalogue, ring, told)
        async with engine.begin() as connection:
            removed, stranded = await _remove_retired(connection, catalogue)
        return Rotated(replaced, removed, stranded, answers)


async def _replace_outgoing(engine: AsyncEngine, ring: KeyRing, told: Told) -> int:
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT id, organization_id, user_id FROM organizations.data_keys WHERE status = 'outgoing' ORDER BY id"
            )
        )
        outgoing = rows.all()
    for number, row in enumerate(outgoing, 1):
        async with engine.begin() as connection:
            await replace_key(connection, row.id, Tenant(row.organization_id, row.user_id), ring)
        if number % BATCH == 0 or number == len(outgoing):
            told(f"{number} of {len(outgoing)} data keys replaced")
    return len(outgoing)


async def _remove_retired(connection: AsyncConnection, catalogue: Catalogue) -> tuple[int, int]:
    """Delete the old keys that no answer names; how many went, and how many stay.

    Nothing can begin to need one: it was retired when nobody was sealing with it (``replace_key``).
    """
    needed = "\nUNION ALL ".join(
        f"SELECT value -> CAST(:mark AS text) ->> 'key' FROM {tool.schema_name}.submissions,"
        " jsonb_each(CASE jsonb_typeof(data) WHEN 'object' THEN data ELSE '{}' END)"
        for tool in catalogue.tools
    )
    deleted = await connection.execute(
        text(
            f"WITH needed (id) AS MATERIALIZED (\n{needed})\n"
            "DELETE FROM organizations.data_keys AS k WHERE k.status IN ('retired', 'stranded')"
            " AND NOT EXISTS (SELECT FROM needed WHERE needed.id = k.id::text)"
        ),
        {"mark": MARK},
    )
    await connection.execute(text("UPDATE organizations.data_keys SET status = 'stranded' WHERE status = 'retired'"))
    left = "SELECT count(*) FROM organizations.data_keys WHERE status = 'stranded'"
    return deleted.rowcount, await connection.scalar(text(left)) or 0
