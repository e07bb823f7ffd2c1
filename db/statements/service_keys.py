"""Calls of the functions behind service keys (migration 0008), and what those read and write who manage them."""

from db.statements.viewer import as_viewer

_COLUMNS = (
    "id, prefix, organization_id, name, operations, tools, behalf, user_ids, created_by, created_at, expires_at,"
    " last_used_at, revoked_at"
)

FIND = as_viewer(
    "SELECT key.* FROM authentication.find_service_key(viewer.prefix, viewer.for_user, viewer.at) AS key",
    prefix="text",
    for_user="uuid",
    at="timestamptz",
)

NOTE_USE = "SELECT authentication.note_service_key_use($1, $2, $3::inet, $4, $5)"
"""Parameters: key, person, address, agent, time."""

RECORD = "SELECT audit.record_service_key($1, $2, $3, $4, $5::inet, $6, $7)"
"""Parameters: key, action, person, details, address, agent, time."""

GRANT = "SELECT authentication.grant_to_service_key($1, $2, $3, $4, $5) AS granted"
"""Parameters: key, person, tools, until, now."""

CREATE = f"""
INSERT INTO authentication.service_keys
  (prefix, digest, organization_id, name, operations, tools, behalf, user_ids, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING {_COLUMNS}"""

REVOKE = f"""
UPDATE authentication.service_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING {_COLUMNS}"""

KEYS = as_viewer(
    f"""
SELECT {_COLUMNS} FROM authentication.service_keys
WHERE organization_id = viewer.company_id
ORDER BY revoked_at IS NULL AND expires_at > viewer.at DESC, created_at DESC, id LIMIT viewer.most
""",
    company_id="uuid",
    at="timestamptz",
    most="int",
)
"""The keys of an organisation: those that are good first, then the newest first."""

LIVE = """
SELECT count(*) FROM authentication.service_keys
WHERE organization_id = $1 AND revoked_at IS NULL AND expires_at > $2"""
"""How many keys of an organisation are good."""
