"""Requests for help: counted, ended, and summed up by tool."""

from functools import cache

from db.statements.viewer import Statement, as_viewer

RECENT = """
SELECT count(*) AS requests, min(asked_at) AS first FROM help.requests
WHERE user_id = $1 AND kind = $2 AND asked_at > $3 AND outcome IS DISTINCT FROM 'unavailable'"""
"""Person, kind, time: what counts for a limit. Nobody pays for an assistant that was not there."""

ASK = """
INSERT INTO help.requests (user_id, organization_id, tool_slug, kind, asked_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id"""

END = "UPDATE help.requests SET outcome = $2, milliseconds = $3 WHERE id = $1 AND outcome IS NULL"

_CONDITIONS = {
    "organization_id": ("tenant_id", "uuid", "r.organization_id = viewer.tenant_id"),
    "user_id": ("person_id", "uuid", "r.user_id = viewer.person_id"),
    "since": ("since", "timestamptz", "r.asked_at >= viewer.since"),
    "until": ("until", "timestamptz", "r.asked_at < viewer.until"),
}


@cache
def usage(given: frozenset[str]) -> Statement:
    """Sums for each tool that was asked about. Parameters: the conditions given, in the order of ``CONDITIONS``."""
    chosen = [condition for name, condition in _CONDITIONS.items() if name in given]
    where = "WHERE " + "\n  AND ".join(text for _, _, text in chosen) + "\n" if chosen else ""
    return as_viewer(
        "SELECT r.tool_slug, count(*) AS requests, count(r.milliseconds) AS ended,\n"
        "  coalesce(sum(r.milliseconds), 0)::bigint AS milliseconds,\n"
        "  count(*) FILTER (WHERE r.outcome <> 'answered') AS failed\n"
        f"FROM help.requests AS r\n{where}GROUP BY r.tool_slug ORDER BY r.tool_slug",
        **{name: kind for name, kind, _ in chosen},
    )


CONDITIONS = tuple(_CONDITIONS)
