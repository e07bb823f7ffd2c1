"""Writes of one tool: what is there now, and one statement that records a change with everything it entails."""

from functools import lru_cache

from db.catalogue import Catalogue, Tool
from db.statements.audit import EVENT
from db.statements.outbox import FACTS, GIVEN
from db.statements.tools.staleness import stale_facts


@lru_cache(1024)
def current_state(catalogue: Catalogue, tool: Tool) -> str:
    """One row for the participant ``$1``: ``submission``, ``progress`` {slug: row}, ``sources`` {field id: version}."""
    by_schema: dict[str, list[str]] = {}
    for need in catalogue.needs[tool.slug]:
        by_schema.setdefault(need.source.tool.schema_name, []).append(need.source.id)
    arms = [
        f"SELECT field_id, version FROM {schema}.field_outputs"
        f" WHERE user_id = $1 AND field_id IN ({', '.join(repr(field) for field in sorted(set(fields)))})"
        for schema, fields in by_schema.items()
    ]
    sources = "\n    UNION ALL ".join(arms) or "SELECT NULL::text AS field_id, 0 AS version WHERE false"
    return f"""
SELECT
  (SELECT to_jsonb(s) FROM {tool.schema_name}.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{{}}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{{}}') FROM (
    {sources}) AS source) AS sources"""


@lru_cache(1024)
def record_submission(catalogue: Catalogue, tool: Tool, *, changing: bool) -> str:
    """Write a participant's own change of one tool: answers, published values with their history, progress, unlocks,
    audit and facts.

    Parameters in the order of ``given``'s columns. ``outputs``: changed values {field id: value}; ``cleared``: field
    ids that lost theirs; ``opened``: slugs to unlock; ``facts``: what the caller knows to have happened. With
    ``changing`` what became stale or fresh is found as well; without, no answer may have changed. Returns the
    submission's id and the slugs that were unlocked. Milestones (``unlocked_at``, ``started_at``, ``submitted_at``,
    ``completed_at``) keep their first time.
    """
    schema = tool.schema_name
    parts, stale = stale_facts(catalogue, tool) if changing else ("", "")
    return f"""
WITH stated AS (
  SELECT $1::uuid AS user_id, $2::uuid AS organization_id, $3::jsonb AS data, $4::text AS status, $5::int AS version,
         $6::timestamptz AS at, $7::jsonb AS sources, $8::boolean AS changed, $9::jsonb AS outputs,
         $10::text[] AS cleared, $11::text AS tool_slug, $12::text AS progress, $13::int AS percentage,
         $14::text[] AS opened, $15::text AS action, $16::jsonb AS changes, $17::inet AS address, $18::text AS agent,
         $19::jsonb AS facts, $20::text AS author_kind
), given AS (
  SELECT *, ARRAY(SELECT jsonb_object_keys(outputs)) || cleared AS touched FROM stated
), saved AS (
  INSERT INTO {schema}.submissions AS s
    (user_id, organization_id, data, status, version, built_on, created_at, updated_at, submitted_at)
  SELECT user_id, organization_id, data, status, version, CASE WHEN changed THEN sources ELSE '{{}}' END, at, at,
         CASE WHEN status = 'submitted' THEN at END
  FROM given
  ON CONFLICT (user_id) DO UPDATE SET
    data = excluded.data, status = excluded.status, version = excluded.version, updated_at = excluded.updated_at,
    built_on = CASE WHEN (SELECT changed FROM given) THEN excluded.built_on ELSE s.built_on END,
    submitted_at = coalesce(s.submitted_at, excluded.submitted_at)
  RETURNING s.id
), cleared AS (
  DELETE FROM {schema}.field_outputs AS o USING given
  WHERE o.user_id = given.user_id AND o.field_id = ANY (given.cleared)
), written AS (
  INSERT INTO {schema}.field_outputs AS o
    (submission_id, user_id, organization_id, field_id, value, version, built_on, author_id, created_at, updated_at)
  SELECT saved.id, user_id, organization_id, output.key, output.value, version, sources, user_id, at, at
  FROM saved, given, jsonb_each(given.outputs) AS output
  ON CONFLICT (user_id, field_id) DO UPDATE SET
    value = excluded.value, version = excluded.version, built_on = excluded.built_on,
    author_id = excluded.author_id, updated_at = excluded.updated_at
), kept AS (
  INSERT INTO {schema}.field_versions
    (user_id, organization_id, field_id, version, value, built_on, author_id, author_kind, at)
  SELECT user_id, organization_id, field_id, version, outputs -> field_id, sources, user_id, author_kind, at
  FROM given, unnest(touched) AS field_id
), progressed AS (
  INSERT INTO tool_access.progress AS p
    (user_id, organization_id, tool_slug, status, progress_percentage, unlocked_at, started_at, last_accessed_at,
     completed_at)
  SELECT user_id, organization_id, tool_slug, progress, percentage, at, at, at,
         CASE WHEN progress = 'completed' THEN at END
  FROM given
  ON CONFLICT (user_id, tool_slug) DO UPDATE SET
    status = excluded.status, progress_percentage = excluded.progress_percentage,
    unlocked_at = coalesce(p.unlocked_at, excluded.unlocked_at),
    started_at = coalesce(p.started_at, excluded.started_at),
    last_accessed_at = excluded.last_accessed_at,
    completed_at = coalesce(p.completed_at, excluded.completed_at), version = p.version + 1
), unlocked AS (
  INSERT INTO tool_access.progress AS p (user_id, organization_id, tool_slug, status, unlocked_at)
  SELECT user_id, organization_id, slug, 'unlocked', at FROM given, unnest(given.opened) AS slug
  ON CONFLICT (user_id, tool_slug) DO UPDATE SET
    status = 'unlocked', unlocked_at = coalesce(p.unlocked_at, excluded.unlocked_at), version = p.version + 1
  WHERE p.status = 'locked'
  RETURNING p.tool_slug
), logged AS (
  INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT saved.id, user_id, organization_id, action, changes, at FROM saved, given
), event AS ({EVENT}
  SELECT user_id, organization_id, tool_slug, action, 'submission', saved.id, changes, address, agent, at
  FROM saved, given
){f", {parts}" if parts else ""}, happened AS (
  SELECT fact.* FROM given, {GIVEN.format(rows="given.facts")}
  UNION ALL SELECT 'progress_changed', tool_slug, '{{}}', '{{"from": "locked", "to": "unlocked"}}' FROM unlocked
  UNION ALL SELECT 'tool_unlocked', tool_slug, '{{}}', '{{}}' FROM unlocked
  {f"UNION ALL {stale}" if stale else ""}
), told AS ({FACTS}
  SELECT given.at, kind, user_id, user_id, organization_id, happened.tool_slug, field_ids, details FROM given, happened
)
SELECT saved.id, ARRAY(SELECT tool_slug FROM unlocked) AS unlocked FROM saved"""


@lru_cache(1024)
def own_outputs(schema: str) -> str:
    """What the published values of participant ``$1`` are, and what each was built on, without the values."""
    return f"SELECT field_id, version, built_on FROM {schema}.field_outputs WHERE user_id = $1"


@lru_cache(1024)
def record_confirmation(schema: str) -> str:
    """Have values be built on what there is now. Parameters in the order of ``given``'s columns.

    ``fields``: the ids of the values; ``answers``: whether the submission's answers are meant, too. No version changes,
    so nothing that was built on them falls behind.
    """
    return f"""
WITH given AS (
  SELECT $1::uuid AS user_id, $2::uuid AS organization_id, $3::text[] AS fields, $4::boolean AS answers,
         $5::jsonb AS sources, $6::timestamptz AS at, $7::text AS tool_slug, $8::text AS action, $9::jsonb AS changes,
         $10::inet AS address, $11::text AS agent, $12::jsonb AS facts
), confirmed AS (
  UPDATE {schema}.field_outputs AS o SET built_on = given.sources
  FROM given WHERE o.user_id = given.user_id AND o.field_id = ANY (given.fields)
  RETURNING o.field_id, o.version
), kept AS (
  UPDATE {schema}.field_versions AS v SET confirmed_at = given.at
  FROM given, confirmed AS c WHERE v.user_id = given.user_id AND v.field_id = c.field_id AND v.version = c.version
), saved AS (
  UPDATE {schema}.submissions AS s SET built_on = CASE WHEN given.answers THEN given.sources ELSE s.built_on END
  FROM given WHERE s.user_id = given.user_id
  RETURNING s.id
), progressed AS (
  UPDATE tool_access.progress AS p SET version = p.version + 1
  FROM given WHERE p.user_id = given.user_id AND p.tool_slug = given.tool_slug
), logged AS (
  INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT saved.id, user_id, organization_id, action, changes, at FROM saved, given
), event AS ({EVENT}
  SELECT user_id, organization_id, tool_slug, action, 'submission', saved.id, changes, address, agent, at
  FROM saved, given
), told AS ({FACTS}
  SELECT given.at, fact.kind, user_id, user_id, organization_id, fact.tool_slug, fact.field_ids, fact.details
  FROM given, {GIVEN.format(rows="given.facts")}
)
SELECT id FROM saved"""


@lru_cache(1024)
def record_review(schema: str) -> str:
    """Write a guru's verdict on a participant's submission. Parameters in the order of ``given``'s columns.

    No row: the guru may not write this participant's rows.
    """
    return f"""
WITH given AS (
  SELECT $1::uuid AS user_id, $2::uuid AS guru_id, $3::text AS status, $4::text AS comment, $5::timestamptz AS at,
         $6::text AS tool_slug, $7::text AS progress, $8::text AS action, $9::jsonb AS changes, $10::inet AS address,
         $11::text AS agent, $12::jsonb AS facts
), reviewed AS (
  UPDATE {schema}.submissions AS s SET
    status = given.status, reviewed_by = guru_id, reviewed_at = at, review_comment = comment, updated_at = at,
    completed_at = coalesce(s.completed_at, CASE WHEN given.status = 'completed' THEN at END)
  FROM given WHERE s.user_id = given.user_id
  RETURNING s.id, s.organization_id
), progressed AS (
  UPDATE tool_access.progress AS p SET status = given.progress, version = p.version + 1
  FROM given WHERE p.user_id = given.user_id AND p.tool_slug = given.tool_slug
), logged AS (
  INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT id, guru_id, organization_id, action, changes, at FROM reviewed, given
), event AS ({EVENT}
  SELECT guru_id, organization_id, tool_slug, action, 'submission', id, changes, address, agent, at
  FROM reviewed, given
), told AS ({FACTS}
  SELECT at, fact.kind, user_id, guru_id, organization_id, fact.tool_slug, fact.field_ids, fact.details
  FROM reviewed, given, {GIVEN.format(rows="given.facts")}
)
SELECT id FROM reviewed"""
