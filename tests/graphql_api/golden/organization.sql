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
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
WHERE a.id = ANY (viewer.account_ids)
  ) AS body OFFSET 0
) AS found;

-- 2
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS company_ids
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT c.id, c.name, c.slug, c.industry, c.size, c.created_at FROM organizations.companies AS c
WHERE c.id = ANY (viewer.company_ids)
  ) AS body OFFSET 0
) AS found;

-- 3
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid AS company_id,
         $6::int AS page_size,
         $7::text AS after_name,
         $8::uuid AS after_id,
         $9::text AS member_role,
         $10::text AS search,
         $11::text AS tool_slug,
         $12::text AS tool_status
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT page.*, (SELECT count(*) FROM users.accounts AS a WHERE a.organization_id = viewer.company_id
  AND (viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status)))) AS total
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
  SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at,
       CASE a.role WHEN 'guru' THEN
         ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = a.id)
       END AS guided_organization_ids
FROM users.accounts AS a
  WHERE a.organization_id = viewer.company_id
  AND (viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status)))
    
  ORDER BY a.full_name, a.id
  LIMIT viewer.page_size
) AS page ON true
  ) AS body OFFSET 0
) AS found;

-- 4
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true),
         set_config('app.organization_id', $2, true),
         set_config('app.role', $3, true),
         set_config('app.guided_organization_ids', $4, true),
         $5::uuid[] AS user_ids,
         $6::text[] AS fields_0,
         $7::text[] AS fields_1,
         $8::text[] AS fields_2
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_02_dream.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_0)
UNION ALL
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_03_values.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_1)
UNION ALL
SELECT user_id, field_id, value, version, built_on, author_id, updated_at FROM sprint_06_cash.field_outputs
WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_2)
  ) AS body OFFSET 0
) AS found;

-- 5
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
