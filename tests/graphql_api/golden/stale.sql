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
         $5::uuid AS person_id
)
, viewer AS MATERIALIZED (
  SELECT claimed.*, set_config('app.guided_organization_ids', coalesce(
    ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = claimed.user_id)::text,
    ''), true)
  FROM claimed
)
SELECT person.id::text,
  ARRAY(
    SELECT position || E'\x1f' || field_id || E'\x1f' || version || E'\x1f' || built_on FROM (
    SELECT 0 AS position, field_id::text, version, built_on FROM sprint_00_woop.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 1 AS position, field_id::text, version, built_on FROM sprint_01_know_thyself.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 2 AS position, field_id::text, version, built_on FROM sprint_02_dream.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 3 AS position, field_id::text, version, built_on FROM sprint_03_values.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 4 AS position, field_id::text, version, built_on FROM sprint_04_team.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 5 AS position, field_id::text, version, built_on FROM sprint_05_fit.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 6 AS position, field_id::text, version, built_on FROM sprint_06_cash.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 7 AS position, field_id::text, version, built_on FROM sprint_07_energy.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 8 AS position, field_id::text, version, built_on FROM sprint_08_goals.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 9 AS position, field_id::text, version, built_on FROM sprint_10_performance.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 10 AS position, field_id::text, version, built_on FROM sprint_11_meeting_rhythm.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 11 AS position, field_id::text, version, built_on FROM sprint_12_market_size.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 12 AS position, field_id::text, version, built_on FROM sprint_13_segmentation_target_market.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 13 AS position, field_id::text, version, built_on FROM sprint_14_target_segment_deep_dive.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 14 AS position, field_id::text, version, built_on FROM sprint_15_value_proposition.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 15 AS position, field_id::text, version, built_on FROM sprint_16_value_proposition_testing.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 16 AS position, field_id::text, version, built_on FROM sprint_17_product_development.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 17 AS position, field_id::text, version, built_on FROM sprint_18_pricing.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 18 AS position, field_id::text, version, built_on FROM sprint_19_brand_marketing.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 19 AS position, field_id::text, version, built_on FROM sprint_20_customer_service.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 20 AS position, field_id::text, version, built_on FROM sprint_21_route_to_market.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 21 AS position, field_id::text, version, built_on FROM sprint_22_core_activities.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 22 AS position, field_id::text, version, built_on FROM sprint_23_processes_decisions.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 23 AS position, field_id::text, version, built_on FROM sprint_24_fit_abc_analysis.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 24 AS position, field_id::text, version, built_on FROM sprint_25_org_redesign.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 25 AS position, field_id::text, version, built_on FROM sprint_26_employer_branding.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 26 AS position, field_id::text, version, built_on FROM sprint_27_agile_teams.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 27 AS position, field_id::text, version, built_on FROM sprint_28_digitalization.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 28 AS position, field_id::text, version, built_on FROM sprint_29_digital_heart.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 29 AS position, field_id::text, version, built_on FROM sprint_30_program_overview.field_outputs WHERE user_id = person.id
    UNION ALL SELECT 30 AS position, '' AS field_id, version, built_on FROM sprint_09_focus.submissions WHERE user_id = person.id) AS story)
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
    SELECT a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at
    FROM users.accounts AS a WHERE a.id = coalesce(viewer.person_id, me.id) OFFSET 0
  ) AS person ON true;
