"""Writes of one tool: what is there now, and one statement that records a change with everything it entails."""

from functools import lru_cache

from db.catalogue import Catalogue, Tool

_EVENT = """
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")"""


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
def record_submission(schema: str) -> str:
    """Write a participant's own change of one tool: answers, published values, progress, unlocks and audit.

    Parameters: ``$1`` user, ``$2`` organisation, ``$3`` answers, ``$4`` status, ``$5`` version, ``$6`` time,
    ``$7`` versions of the sources, ``$8`` whether answers changed, ``$9`` changed outputs {field id: value},
    ``$10`` cleared field ids, ``$11`` tool slug, ``$12`` progress status, ``$13`` percentage, ``$14`` slugs to
    unlock, ``$15`` action, ``$16`` changes, ``$17`` address, ``$18`` agent. Returns the submission's id and the
    slugs that were unlocked. Milestones (``unlocked_at``, ``started_at``, ``submitted_at``, ``completed_at``) keep
    their first time.
    """
    return f"""
WITH saved AS (
  INSERT INTO {schema}.submissions AS s
    (user_id, organization_id, data, status, version, built_on, created_at, updated_at, submitted_at)
  VALUES ($1::uuid, $2::uuid, $3::jsonb, $4::text, $5::int, $7::jsonb, $6::timestamptz, $6::timestamptz, CASE WHEN $4::text = 'submitted' THEN $6::timestamptz END)
  ON CONFLICT (user_id) DO UPDATE SET
    data = excluded.data, status = excluded.status, version = excluded.version, updated_at = excluded.updated_at,
    built_on = CASE WHEN $8::boolean THEN excluded.built_on ELSE s.built_on END,
    submitted_at = coalesce(s.submitted_at, excluded.submitted_at)
  RETURNING s.id
), cleared AS (
  DELETE FROM {schema}.field_outputs WHERE user_id = $1::uuid AND field_id = ANY ($10::text[])
), written AS (
  INSERT INTO {schema}.field_outputs AS o
    (submission_id, user_id, organization_id, field_id, value, version, built_on, author_id, created_at, updated_at)
  SELECT saved.id, $1::uuid, $2::uuid, output.key, output.value, $5::int, $7::jsonb, $1::uuid, $6::timestamptz, $6::timestamptz
  FROM saved CROSS JOIN jsonb_each($9::jsonb) AS output
  ON CONFLICT (user_id, field_id) DO UPDATE SET
    value = excluded.value, version = excluded.version, built_on = excluded.built_on,
    author_id = excluded.author_id, updated_at = excluded.updated_at
), progressed AS (
  INSERT INTO tool_access.progress AS p
    (user_id, organization_id, tool_slug, status, progress_percentage, unlocked_at, started_at, last_accessed_at,
     completed_at)
  VALUES ($1::uuid, $2::uuid, $11::text, $12::text, $13::int, $6::timestamptz, $6::timestamptz, $6::timestamptz, CASE WHEN $12::text = 'completed' THEN $6::timestamptz END)
  ON CONFLICT (user_id, tool_slug) DO UPDATE SET
    status = excluded.status, progress_percentage = excluded.progress_percentage,
    unlocked_at = coalesce(p.unlocked_at, excluded.unlocked_at),
    started_at = coalesce(p.started_at, excluded.started_at),
    last_accessed_at = excluded.last_accessed_at,
    completed_at = coalesce(p.completed_at, excluded.completed_at)
), unlocked AS (
  INSERT INTO tool_access.progress AS p (user_id, organization_id, tool_slug, status, unlocked_at)
  SELECT $1::uuid, $2::uuid, slug, 'unlocked', $6::timestamptz FROM unnest($14::text[]) AS slug
  ON CONFLICT (user_id, tool_slug) DO UPDATE SET
    status = 'unlocked', unlocked_at = coalesce(p.unlocked_at, excluded.unlocked_at)
  WHERE p.status = 'locked'
  RETURNING p.tool_slug
), logged AS (
  INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT saved.id, $1::uuid, $2::uuid, $15::text, $16::jsonb, $6::timestamptz FROM saved
), event AS ({_EVENT}
  SELECT $1::uuid, $2::uuid, $11::text, $15::text, 'submission', saved.id, $16::jsonb, $17::inet, $18::text, $6::timestamptz FROM saved
)
SELECT saved.id, ARRAY(SELECT tool_slug FROM unlocked) AS unlocked FROM saved"""


@lru_cache(1024)
def record_review(schema: str) -> str:
    """Write a guru's verdict on a participant's submission.

    Parameters: ``$1`` participant, ``$2`` guru, ``$3`` status, ``$4`` comment, ``$5`` time, ``$6`` tool slug,
    ``$7`` progress status, ``$8`` action, ``$9`` changes, ``$10`` address, ``$11`` agent. No row: not visible.
    """
    return f"""
WITH reviewed AS (
  UPDATE {schema}.submissions SET
    status = $3::text, reviewed_by = $2::uuid, reviewed_at = $5::timestamptz, review_comment = $4::text, updated_at = $5::timestamptz,
    completed_at = coalesce(completed_at, CASE WHEN $3::text = 'completed' THEN $5::timestamptz END)
  WHERE user_id = $1::uuid
  RETURNING id, organization_id
), progressed AS (
  UPDATE tool_access.progress SET status = $7::text WHERE user_id = $1::uuid AND tool_slug = $6::text
), logged AS (
  INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT id, $2::uuid, organization_id, $8::text, $9::jsonb, $5::timestamptz FROM reviewed
), event AS ({_EVENT}
  SELECT $2::uuid, organization_id, $6::text, $8::text, 'submission', id, $9::jsonb, $10::inet, $11::text, $5::timestamptz FROM reviewed
)
SELECT id FROM reviewed"""


record_event = f"""{_EVENT}
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9, $10)"""
"""Parameters: user, organisation, tool slug, action, entity type, entity id, changes, address, agent, time."""

RECENT_EVENTS = """
SELECT count(*) AS events, min("timestamp") AS first FROM audit.events
WHERE user_id = $1 AND action = $2 AND "timestamp" > $3"""
