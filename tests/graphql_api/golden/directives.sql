-- 1
WITH viewer AS MATERIALIZED (
  SELECT set_config('app.user_id', $1, true) AS set_1,
         set_config('app.organization_id', $2, true) AS set_2,
         set_config('app.role', $3, true) AS set_3,
         set_config('app.guided_organization_ids', '', true) AS set_4,
         nullif($1::text, '')::uuid AS user_id,
         nullif($2::text, '')::uuid AS organization_id,
         $3::text AS role,
         to_timestamp(nullif(split_part($4::text, ' ', 1), '')::float8) AS issued,
         nullif(split_part($4::text, ' ', 2), '')::uuid AS session_id
)
SELECT person.id::text,
  ARRAY(
    SELECT field_id || E'\x1f' || value::text FROM (
    SELECT field_id, value FROM sprint_02_dream.field_outputs
      WHERE user_id = person.id AND field_id IN ('identity.dream.one_sentence')) AS output)
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
CROSS JOIN LATERAL (SELECT me.*) AS person;
