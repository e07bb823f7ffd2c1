"""The outbox: facts that are written with what they are about, and jobs for later."""

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
