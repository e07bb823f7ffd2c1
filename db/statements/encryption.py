"""Reads and writes of the wrapped data keys."""

from uuid import UUID

from db.statements.viewer import as_viewer

_NAMESPACE = 7305402
"""First half of the advisory locks on tenants' data keys; the second is made of the tenant's id."""

_COLUMNS = "k.id, k.tenant_id, k.wrapped, k.wrapped_by, k.fingerprint"

BY_ID = f"SELECT {_COLUMNS} FROM organizations.data_keys AS k WHERE k.id = ANY ($1::uuid[])"
"""Within a transaction. Parameter: ids."""

READ_BY_ID = as_viewer(
    f"SELECT {_COLUMNS} FROM organizations.data_keys AS k WHERE k.id = ANY (viewer.key_ids)", key_ids="uuid[]"
)
"""The same as a read of its own."""

CURRENT = f"""
SELECT {_COLUMNS} FROM organizations.data_keys AS k WHERE k.tenant_id = $1 AND k.status IN ('current', 'outgoing')"""
"""The data key that seals. Parameter: tenant."""

ADD = """
INSERT INTO organizations.data_keys (id, organization_id, user_id, wrapped, wrapped_by, fingerprint)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"""
"""A tenant's first data key; nothing happens where there is one."""

LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared($1, $2)"
"""Held by everyone who seals with a tenant's current data key, until what they sealed is stored."""

WRAPPING_KEYS = "SELECT id, fingerprint FROM organizations.wrapping_keys()"
"""Which of the operator's keys wrap data keys, of any tenant."""


def lock_key(tenant_id: UUID) -> tuple[int, int]:
    """The two halves of the advisory lock on a tenant's data keys. Tenants who share one only wait a little longer."""
    return _NAMESPACE, int.from_bytes(tenant_id.bytes[:4], "big", signed=True)
