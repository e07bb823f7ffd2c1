-- 1
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid AS user_id,
         $6::uuid AS session_id
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at,
       a.deactivated_at, a.tokens_valid_from,
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
WHERE a.id = viewer.user_id AND (viewer.session_id IS NULL OR (
  SELECT s.ended_at IS NULL FROM authentication.sessions AS s
  WHERE s.id = viewer.session_id AND s.user_id = viewer.user_id
))
  ) AS body OFFSET 0
) AS found;

-- 2
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

-- 3
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS user_ids,
         $6::text[] AS fields_0
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_02_dream.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_0)
  ) AS body OFFSET 0
) AS found;

-- 4
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
