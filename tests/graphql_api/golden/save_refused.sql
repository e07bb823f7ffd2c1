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
BEGIN; SELECT set_config('app.user_id', '<Nico>', true), set_config('app.organization_id', '<Bakery>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 3
SELECT
  (SELECT to_jsonb(s) FROM sprint_02_dream.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT field_id, version FROM sprint_01_know_thyself.field_outputs WHERE user_id = $1 AND field_id IN ('identity.personal_dream', 'identity.personal_values')) AS source) AS sources;

-- 4
ROLLBACK;

-- 5
BEGIN; SELECT set_config('app.user_id', '<Nico>', true), set_config('app.organization_id', '<Bakery>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 6
SELECT
  (SELECT to_jsonb(s) FROM sprint_00_woop.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT NULL::text AS field_id, 0 AS version WHERE false) AS source) AS sources;

-- 7
ROLLBACK;

-- 8
BEGIN; SELECT set_config('app.user_id', '<Nico>', true), set_config('app.organization_id', '<Bakery>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 9
SELECT
  (SELECT to_jsonb(s) FROM sprint_00_woop.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT NULL::text AS field_id, 0 AS version WHERE false) AS source) AS sources;

-- 10
ROLLBACK;

-- 11
BEGIN; SELECT set_config('app.user_id', '<Nico>', true), set_config('app.organization_id', '<Bakery>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 12
SELECT
  (SELECT to_jsonb(s) FROM sprint_00_woop.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT NULL::text AS field_id, 0 AS version WHERE false) AS source) AS sources;

-- 13
ROLLBACK;

-- 14
BEGIN; SELECT set_config('app.user_id', '<Nico>', true), set_config('app.organization_id', '<Bakery>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true);

-- 15
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::inet, $9, $10);

-- 16
COMMIT;
