"""Calls of the functions that sessions are kept by (migration 0003), and reads of a person's sessions."""

from db.statements.viewer import as_viewer

START = "SELECT authentication.start_session($1, $2, $3, $4, $5, $6, $7) AS session_id"
ROTATE = "SELECT * FROM authentication.use_refresh_token($1, $2, $3, $4, $5, $6, $7, $8)"
END_SESSION_OF = "SELECT authentication.end_session_of($1, $2, $3, $4)"
END_SESSIONS = "SELECT authentication.end_sessions($1, $2, $3, $4) AS ended"

SESSIONS = as_viewer(
    """
SELECT s.id, s.user_id, s.method, host(s.address) AS address, s.agent, s.created_at, s.last_used_at, s.expires_at
FROM authentication.sessions AS s
WHERE s.user_id = viewer.person_id AND s.ended_at IS NULL AND s.expires_at > viewer.at
ORDER BY s.last_used_at DESC, s.id LIMIT 100
""",
    person_id="uuid",
    at="timestamptz",
)
"""A person's sessions that are still open, the latest used first."""
