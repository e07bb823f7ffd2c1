"""Calls of the functions that passwords and invitations are kept by (migration 0005), and reads of invitations."""

from functools import cache

from db.statements.viewer import Statement, as_viewer

STORED_HASH = "SELECT user_id, password_hash FROM authentication.password_of($1)"
REHASH = "SELECT authentication.rehash_password($1, $2, $3)"
CHANGE = "SELECT authentication.change_password($1, $2, $3) AS changed"

REQUEST_RESET = (
    "SELECT email, full_name, has_password FROM authentication.request_password_reset($1, $2, $3, $4, $5, $6)"
)
RESET_OF = "SELECT email, full_name FROM authentication.password_reset_of($1, $2)"
RESET = "SELECT authentication.reset_password($1, $2, $3, $4, $5) AS is_reset"

INVITATION_OF = "SELECT email, full_name FROM authentication.invitation_of($1, $2)"
ACCEPT = "SELECT outcome, of_user FROM authentication.accept_invitation($1, $2, $3, $4, $5, $6, $7, $8)"

INVITE = """
INSERT INTO authentication.invitations
  (email, full_name, role, organization_id, digest, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id"""

_OPEN = "accepted_at IS NULL AND revoked_at IS NULL"

SUPERSEDE = f"""
UPDATE authentication.invitations SET revoked_at = $3
WHERE email = $1 AND organization_id IS NOT DISTINCT FROM $2 AND {_OPEN}"""
"""Address, organisation, time: an invitation that comes again takes the place of the one before."""

REVOKE = f"""
UPDATE authentication.invitations SET revoked_at = $2 WHERE id = $1 AND {_OPEN}
RETURNING id, email, organization_id"""

IS_MEMBER = "SELECT EXISTS (SELECT FROM users.accounts WHERE email = $1) AS found"
"""Whether the viewer sees an account with this address."""


@cache
def invitations(*, counted: bool, continued: bool) -> Statement:
    """A page of open invitations, the newest first; with ``counted`` each row carries the size of the whole list."""
    after = "AND (i.created_at, i.id) < (viewer.after_at, viewer.after_id)" if continued else ""
    wanted = (
        "i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > viewer.at"
        " AND (viewer.company_id IS NULL OR i.organization_id = viewer.company_id)"
    )
    total = f"(SELECT count(*) FROM authentication.invitations AS i WHERE {wanted})" if counted else "NULL::bigint"
    return as_viewer(
        f"""
SELECT page.*, {total} AS total
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT i.id, i.email, i.full_name, i.role, i.organization_id, i.invited_by, i.created_at, i.expires_at
  FROM authentication.invitations AS i
  WHERE {wanted} {after}
  ORDER BY i.created_at DESC, i.id DESC
  LIMIT viewer.page_size
) AS page ON true""",
        company_id="uuid",
        at="timestamptz",
        page_size="int",
        after_at="timestamptz",
        after_id="uuid",
    )
