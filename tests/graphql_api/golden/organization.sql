-- 1
WITH claimed AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true) AS set_1,
         set_config('app.organization_id', $2, true) AS set_2,
         set_config('app.role', $3, true) AS set_3,
         set_config('app.guided_organization_ids', '', true) AS set_4,
         nullif($1::text, '')::uuid AS user_id,
         nullif($2::text, '')::uuid AS organization_id,
         $3::text AS role,
         to_timestamp(nullif(split_part($4::text, ' ', 1), '')::float8) AS issued,
         nullif(split_part($4::text, ' ', 2), '')::uuid AS session_id,
         $5::uuid AS company_id,
         $6::int AS page_size,
         $7::text AS member_role,
         $8::text AS search,
         $9::text AS tool_slug,
         $10::text AS tool_status
)
, viewer AS MATERIALIZED (
  SELECT claimed.*, set_config('app.guided_organization_ids', coalesce(
    ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = claimed.user_id)::text,
    ''), true)
  FROM claimed
)
SELECT person.id::text,
  company.id::text,
  coalesce(to_json(company.name)::text, 'null'),
  person.full_name,
  coalesce(to_json(person.full_name)::text, 'null'),
  ARRAY(
    SELECT field_id || E'\x1f' || value::text FROM (
    SELECT field_id, value FROM sprint_02_dream.field_outputs
      WHERE user_id = person.id AND field_id IN ('identity.dream.one_sentence')
    UNION ALL SELECT field_id, value FROM sprint_03_values.field_outputs
      WHERE user_id = person.id AND field_id IN ('identity.values.core_list')
    UNION ALL SELECT field_id, value FROM sprint_06_cash.field_outputs
      WHERE user_id = person.id AND field_id IN ('performance.cash.top_priority')) AS output),
  progress.slugs,
  progress.fragment_0,
  (SELECT count(*)::text FROM users.accounts AS a WHERE a.organization_id = company.id AND (viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status))))
FROM viewer
JOIN LATERAL (
  SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at FROM users.accounts AS a
  WHERE a.id = viewer.user_id AND a.role = viewer.role
    AND a.organization_id IS NOT DISTINCT FROM viewer.organization_id
    AND a.deactivated_at IS NULL AND (a.tokens_valid_from IS NULL OR a.tokens_valid_from <= viewer.issued)
  OFFSET 0
) AS me ON (viewer.session_id IS NULL OR (
  SELECT s.ended_at IS NULL FROM authentication.sessions AS s
  WHERE s.id = viewer.session_id AND s.user_id = viewer.user_id
))
LEFT JOIN LATERAL (
    SELECT c.* FROM organizations.companies AS c
    WHERE c.id = coalesce(viewer.company_id, me.organization_id) OFFSET 0
  ) AS company ON true
LEFT JOIN LATERAL (
    SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at
    FROM users.accounts AS a WHERE a.organization_id = company.id
    AND (viewer.member_role IS NULL OR a.role = viewer.member_role)
  AND (viewer.search IS NULL OR strpos(lower(a.full_name), lower(viewer.search)) > 0
       OR strpos(a.email, lower(viewer.search)) > 0)
  AND (viewer.tool_slug IS NULL OR EXISTS (
        SELECT FROM tool_access.progress AS p
        WHERE p.user_id = a.id AND p.tool_slug = viewer.tool_slug
          AND (viewer.tool_status IS NULL OR p.status = viewer.tool_status)))
    ORDER BY a.full_name, a.id LIMIT viewer.page_size
  ) AS person ON true
CROSS JOIN LATERAL (
    SELECT string_agg(p.tool_slug, E'\n') AS slugs,
      string_agg(CASE p.status WHEN 'locked' THEN '{"status":"LOCKED"' WHEN 'unlocked' THEN '{"status":"UNLOCKED"' WHEN 'in_progress' THEN '{"status":"IN_PROGRESS"' WHEN 'completed' THEN '{"status":"COMPLETED"' END || '}', E'\n') AS fragment_0
    FROM tool_access.progress AS p WHERE p.user_id = person.id
  ) AS progress;
