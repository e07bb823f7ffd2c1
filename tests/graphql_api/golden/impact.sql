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
         $5::uuid[] AS user_ids
)
SELECT found.* FROM viewer CROSS JOIN LATERAL (
  SELECT * FROM (
SELECT 0 AS position, user_id, field_id::text, version, built_on FROM sprint_01_know_thyself.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 1 AS position, user_id, field_id::text, version, built_on FROM sprint_02_dream.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 2 AS position, user_id, field_id::text, version, built_on FROM sprint_03_values.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 3 AS position, user_id, field_id::text, version, built_on FROM sprint_04_team.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 4 AS position, user_id, field_id::text, version, built_on FROM sprint_05_fit.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 5 AS position, user_id, field_id::text, version, built_on FROM sprint_06_cash.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 6 AS position, user_id, field_id::text, version, built_on FROM sprint_08_goals.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 7 AS position, user_id, field_id::text, version, built_on FROM sprint_12_market_size.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 8 AS position, user_id, field_id::text, version, built_on FROM sprint_14_target_segment_deep_dive.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 9 AS position, user_id, field_id::text, version, built_on FROM sprint_15_value_proposition.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 10 AS position, user_id, field_id::text, version, built_on FROM sprint_21_route_to_market.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 11 AS position, user_id, field_id::text, version, built_on FROM sprint_23_processes_decisions.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 12 AS position, user_id, field_id::text, version, built_on FROM sprint_24_fit_abc_analysis.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 13 AS position, user_id, field_id::text, version, built_on FROM sprint_25_org_redesign.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 14 AS position, user_id, field_id::text, version, built_on FROM sprint_26_employer_branding.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 15 AS position, user_id, field_id::text, version, built_on FROM sprint_27_agile_teams.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 16 AS position, user_id, field_id::text, version, built_on FROM sprint_28_digitalization.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 17 AS position, user_id, field_id::text, version, built_on FROM sprint_29_digital_heart.field_outputs WHERE user_id = ANY (viewer.user_ids)
UNION ALL
SELECT 18 AS position, user_id, field_id::text, version, built_on FROM sprint_30_program_overview.field_outputs WHERE user_id = ANY (viewer.user_ids)
  ) AS body OFFSET 0
) AS found;
