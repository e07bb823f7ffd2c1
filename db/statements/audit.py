"""Entries of the audit trail, which can be added and read and nothing else."""

from functools import cache

from db.statements.viewer import Statement, as_viewer

EVENT = """
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")"""

RECORD = f"""{EVENT}
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9, $10)"""
"""Parameters: user, organisation, tool slug, action, entity type, entity id, changes, address, agent, time."""

RECORD_UNAUTHENTICATED = "SELECT audit.record_unauthenticated($1, $2, $3, $4, $5, $6::inet, $7, $8)"
"""For somebody who is not signed in: action, user, entity type, entity id, details, address, agent, time."""

RECENT_EVENTS = """
SELECT count(*) AS events, min("timestamp") AS first FROM audit.events
WHERE user_id = $1 AND action = $2 AND "timestamp" > $3"""

RECORD_READS = "SELECT audit.record_reads($1, $2, $3, $4)"
"""Parameters: viewers, people, tools, times."""

_CONDITIONS = {
    "organization_id": ("uuid", "e.organization_id = viewer.organization_id"),
    "user_id": ("uuid", "e.user_id = viewer.person_id"),
    "action": ("text", "e.action = viewer.action"),
    "tool_slug": ("text", "e.tool_slug = viewer.tool_slug"),
    "since": ("timestamptz", 'e."timestamp" >= viewer.since'),
    "until": ("timestamptz", 'e."timestamp" < viewer.until'),
}

_PARAMETERS = {"user_id": "person_id"}
"""Columns of the viewer row that go by another name, because the identity has that one."""


@cache
def events(given: frozenset[str], *, continued: bool) -> Statement:
    """A page of events, the newest first, by the conditions that are ``given``.

    Each set of them is a text of its own, so that the page begins where an index has it. Parameters: those given, in
    the order of ``EVENT_CONDITIONS``; with ``continued`` time and id of the event before; the size of the page.
    """
    keys = {_PARAMETERS.get(name, name): kind for name, (kind, _) in _CONDITIONS.items() if name in given}
    conditions = [condition for name, (_, condition) in _CONDITIONS.items() if name in given]
    if continued:
        keys |= {"before_at": "timestamptz", "before_id": "uuid"}
        conditions.append('(e."timestamp", e.id) < (viewer.before_at, viewer.before_id)')
    where = "WHERE " + "\n  AND ".join(conditions) + "\n" if conditions else ""
    return as_viewer(
        'SELECT e.id, e."timestamp" AS at, e.action, e.user_id, e.organization_id, e.tool_slug, e.entity_type,'
        " e.entity_id,\n  e.changes, host(e.ip_address) AS address, e.user_agent AS agent\n"
        f'FROM audit.events AS e\n{where}ORDER BY e."timestamp" DESC, e.id DESC LIMIT viewer.page_size',
        **keys,
        page_size="int",
    )


EVENT_CONDITIONS = tuple(_CONDITIONS)
