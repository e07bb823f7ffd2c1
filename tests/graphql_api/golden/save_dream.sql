-- 1
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS account_ids
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at,
       a.deactivated_at, a.tokens_valid_from,
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
WHERE a.id = ANY (viewer.account_ids)
  ) AS body OFFSET 0
) AS found;

-- 2
BEGIN; SELECT set_config('app.user_id', '<Wanda>', true), set_config('app.organization_id', '<Elsewhere>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 3
SELECT
  (SELECT to_jsonb(s) FROM sprint_02_dream.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT field_id, version FROM sprint_01_know_thyself.field_outputs WHERE user_id = $1 AND field_id IN ('identity.personal_dream', 'identity.personal_values')) AS source) AS sources;

-- 4
WITH given AS (
  SELECT $1::uuid AS user_id, $2::uuid AS organization_id, $3::jsonb AS data, $4::text AS status, $5::int AS version,
         $6::timestamptz AS at, $7::jsonb AS sources, $8::boolean AS changed, $9::jsonb AS outputs,
         $10::text[] AS cleared, $11::text AS tool_slug, $12::text AS progress, $13::int AS percentage,
         $14::text[] AS opened, $15::text AS action, $16::jsonb AS changes, $17::inet AS address, $18::text AS agent
), saved AS (
  INSERT INTO sprint_02_dream.submissions AS s
    (user_id, organization_id, data, status, version, built_on, created_at, updated_at, submitted_at)
  SELECT user_id, organization_id, data, status, version, sources, at, at, CASE WHEN status = 'submitted' THEN at END
  FROM given
  ON CONFLICT (user_id) DO UPDATE SET
    data = excluded.data, status = excluded.status, version = excluded.version, updated_at = excluded.updated_at,
    built_on = CASE WHEN (SELECT changed FROM given) THEN excluded.built_on ELSE s.built_on END,
    submitted_at = coalesce(s.submitted_at, excluded.submitted_at)
  RETURNING s.id
), cleared AS (
  DELETE FROM sprint_02_dream.field_outputs AS o USING given
  WHERE o.user_id = given.user_id AND o.field_id = ANY (given.cleared)
), written AS (
  INSERT INTO sprint_02_dream.field_outputs AS o
    (submission_id, user_id, organization_id, field_id, value, version, built_on, author_id, created_at, updated_at)
  SELECT saved.id, user_id, organization_id, output.key, output.value, version, sources, user_id, at, at
  FROM saved, given, jsonb_each(given.outputs) AS output
  ON CONFLICT (user_id, field_id) DO UPDATE SET
    value = excluded.value, version = excluded.version, built_on = excluded.built_on,
    author_id = excluded.author_id, updated_at = excluded.updated_at
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
  INSERT INTO sprint_02_dream.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT saved.id, user_id, organization_id, action, changes, at FROM saved, given
), event AS (
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")
  SELECT user_id, organization_id, tool_slug, action, 'submission', saved.id, changes, address, agent, at
  FROM saved, given
)
SELECT saved.id, ARRAY(SELECT tool_slug FROM unlocked) AS unlocked FROM saved;

-- 5
COMMIT;

-- 6
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS user_ids,
         $6::text[] AS fields_0,
         $7::text[] AS fields_1
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_01_know_thyself.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_0)
UNION ALL
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_02_dream.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_1)
  ) AS body OFFSET 0
) AS found;

-- 7
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS user_ids
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT 0 AS position, id, user_id, organization_id, data, status, version, built_on, reviewed_by, reviewed_at, review_comment, created_at, updated_at, submitted_at, completed_at FROM sprint_02_dream.submissions WHERE user_id = ANY (viewer.user_ids)
  ) AS body OFFSET 0
) AS found;

-- 8
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS user_ids
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT user_id, tool_slug, status, progress_percentage AS percentage, unlocked_at, started_at, last_accessed_at, completed_at
FROM tool_access.progress WHERE user_id = ANY (viewer.user_ids)
  ) AS body OFFSET 0
) AS found;
