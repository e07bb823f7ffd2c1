"""The data keys of all tenants, read and replaced as the database's owner."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.encryption.envelope import DataKey
from db.encryption.key_ring import KEY_BYTES, EncryptionKeyError, KeyRing, WrappedKey
from db.statements.encryption import lock_key

WRAPPED = "id, tenant_id, wrapped, wrapped_by, fingerprint"
"""The columns of a ``WrappedKey``."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation, or a person who belongs to none."""

    organization_id: UUID | None
    user_id: UUID | None

    @property
    def id(self) -> UUID:
        """The one of the two that there is."""
        found = self.organization_id or self.user_id
        assert found is not None
        return found


async def keys_of(connection: AsyncConnection, ids: Iterable[UUID], ring: KeyRing) -> dict[UUID, DataKey | str]:
    """Data keys by id; a text says why one is not to be had."""
    statement = text(f"SELECT {WRAPPED} FROM organizations.data_keys WHERE id = ANY (:ids)")
    keys: dict[UUID, DataKey | str] = {}
    for row in await connection.execute(statement, {"ids": list(ids)}):
        try:
            keys[row.id] = unwrapped(WrappedKey(**row._mapping), ring)
        except EncryptionKeyError as error:
            keys[row.id] = str(error)
    return keys


async def current_key(connection: AsyncConnection, tenant: Tenant, ring: KeyRing) -> DataKey:
    """The data key that seals, made where there is none. Raises ``EncryptionKeyError``."""
    statement = text(
        f"SELECT {WRAPPED} FROM organizations.data_keys WHERE tenant_id = :tenant AND status IN ('current', 'outgoing')"
    )
    found = (await connection.execute(statement, {"tenant": tenant.id})).first()
    if found is None:
        await add_key(connection, tenant, ring)
        found = (await connection.execute(statement, {"tenant": tenant.id})).one()
    return unwrapped(WrappedKey(**found._mapping), ring)


async def replace_key(connection: AsyncConnection, old: UUID, tenant: Tenant, ring: KeyRing) -> None:
    """Retire a data key and add its successor. Waits for everyone who is about to store what they sealed with it."""
    namespace, lock = lock_key(tenant.id)
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:namespace, :lock)"), {"namespace": namespace, "lock": lock}
    )
    retired = text("UPDATE organizations.data_keys SET status = 'retired' WHERE id = :id")
    await connection.execute(retired, {"id": old})
    await add_key(connection, tenant, ring)


async def add_key(connection: AsyncConnection, tenant: Tenant, ring: KeyRing) -> None:
    """A new data key of a tenant; nothing happens where there is one that seals."""
    new = ring.wrap(os.urandom(KEY_BYTES), uuid4(), tenant.id)
    await connection.execute(
        text(
            "INSERT INTO organizations.data_keys (id, organization_id, user_id, wrapped, wrapped_by, fingerprint)"
            " VALUES (:id, :organization, :person, :wrapped, :wrapped_by, :fingerprint) ON CONFLICT DO NOTHING"
        ),
        {
            "id": new.id,
            "organization": tenant.organization_id,
            "person": tenant.user_id,
            "wrapped": new.wrapped,
            "wrapped_by": new.wrapped_by,
            "fingerprint": new.fingerprint,
        },
    )


async def wrapping_keys(connection: AsyncConnection) -> dict[str, int]:
    """How many data keys each of the operator's keys wraps, by its id."""
    statement = (
        "SELECT wrapped_by, count(*) AS keys FROM organizations.data_keys GROUP BY wrapped_by ORDER BY wrapped_by"
    )
    return {row.wrapped_by: row.keys for row in await connection.execute(text(statement))}


async def unfinished(connection: AsyncConnection) -> int:
    """How many data keys a rotation that did not end has left to replace or to remove."""
    statement = "SELECT count(*) FROM organizations.data_keys WHERE status IN ('outgoing', 'retired')"
    return await connection.scalar(text(statement)) or 0


def unwrapped(key: WrappedKey, ring: KeyRing) -> DataKey:
    """The data key, ready to use; raises ``EncryptionKeyError``."""
    return DataKey(key.id, key.tenant_id, AESGCM(ring.unwrap(key)))
