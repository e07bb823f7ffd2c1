"""The outbox: facts that are written with what they are about, events as they are read, jobs for later."""

from db.statements.viewer import as_viewer

FACTS = """
INSERT INTO outbox.events (at, kind, user_id, actor_id, organization_id, tool_slug, field_ids, details)"""

GIVEN = "jsonb_to_recordset({rows}) AS fact (kind text, tool_slug text, field_ids text[], details jsonb)"
"""Rows of facts out of a JSON list of them."""

RECORD_FACTS = f"""{FACTS}
SELECT $1, fact.kind, $2, $3, $4, fact.tool_slug, fact.field_ids, fact.details
FROM {GIVEN.format(rows="$5::jsonb")}"""
"""Parameters: time, whose work, who did it, organisation, facts."""

DEFER = "SELECT outbox.defer($1, $2, $3, $4, $5) AS id"
"""Parameters: queue, job, ids, key, not before."""

PRUNE = "SELECT outbox.prune($1, $2) AS deleted"
"""Parameters: before when, how many at most."""

PRUNE_JOBS = "SELECT outbox.prune_jobs($1, $2) AS deleted"
"""The same for dead jobs."""

_EVENT = (
    "e.id, e.transaction::text::bigint AS transaction, e.position, e.at, e.kind, e.user_id, e.actor_id,"
    " e.organization_id,\n  e.tool_slug, e.field_ids, e.details"
)

# Only what no running transaction can come before any more; see docs/outbox.md.
_SETTLED = "e.transaction < pg_snapshot_xmin(pg_current_snapshot())"

EVENTS_AFTER = as_viewer(
    f"SELECT {_EVENT}\nFROM outbox.events AS e\n"
    f"WHERE (e.transaction, e.position) > (viewer.after_transaction::text::xid8, viewer.after_position)\n"
    f"  AND {_SETTLED}\nORDER BY e.transaction, e.position LIMIT viewer.most",
    after_transaction="bigint",
    after_position="bigint",
    most="int",
)
"""Events that the viewer may read, in order. Parameters: transaction and position of the last one had; how many."""

NOW = as_viewer("SELECT (pg_snapshot_xmin(pg_current_snapshot()))::text::bigint - 1 AS transaction")
"""The place in the order after which everything is that is not yet committed: where one begins who wants no past."""
