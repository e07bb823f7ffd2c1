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
BEGIN; SELECT set_config('app.user_id', '<Wanda>', true), set_config('app.organization_id', '<Elsewhere>', true), set_config('app.role', 'user', true), set_config('app.guided_organization_ids', '', true); SELECT pg_advisory_xact_lock(<lock>);

-- 3
SELECT
  (SELECT to_jsonb(s) FROM sprint_02_dream.submissions AS s WHERE s.user_id = $1) AS submission,
  (SELECT coalesce(jsonb_object_agg(p.tool_slug, p.status), '{}')
   FROM tool_access.progress AS p WHERE p.user_id = $1) AS progress,
  (SELECT coalesce(jsonb_object_agg(source.field_id, source.version), '{}') FROM (
    SELECT field_id, version FROM sprint_01_know_thyself.field_outputs WHERE user_id = $1 AND field_id IN ('identity.personal_dream', 'identity.personal_values')) AS source) AS sources;

-- 4
WITH stated AS (
  SELECT $1::uuid AS user_id, $2::uuid AS organization_id, $3::jsonb AS data, $4::text AS status, $5::int AS version,
         $6::timestamptz AS at, $7::jsonb AS sources, $8::boolean AS changed, $9::jsonb AS outputs,
         $10::text[] AS cleared, $11::text AS tool_slug, $12::text AS progress, $13::int AS percentage,
         $14::text[] AS opened, $15::text AS action, $16::jsonb AS changes, $17::inet AS address, $18::text AS agent,
         $19::jsonb AS facts, $20::text AS author_kind
), given AS (
  SELECT *, ARRAY(SELECT jsonb_object_keys(outputs)) || cleared AS touched FROM stated
), saved AS (
  INSERT INTO sprint_02_dream.submissions AS s
    (user_id, organization_id, data, status, version, built_on, created_at, updated_at, submitted_at)
  SELECT user_id, organization_id, data, status, version, CASE WHEN changed THEN sources ELSE '{}' END, at, at,
         CASE WHEN status = 'submitted' THEN at END
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
), kept AS (
  INSERT INTO sprint_02_dream.field_versions
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
  INSERT INTO sprint_02_dream.audit_log (tool_data_id, user_id, organization_id, action, changes, "timestamp")
  SELECT saved.id, user_id, organization_id, action, changes, at FROM saved, given
), event AS (
INSERT INTO audit.events (user_id, organization_id, tool_slug, action, entity_type, entity_id, changes, ip_address,
                          user_agent, "timestamp")
  SELECT user_id, organization_id, tool_slug, action, 'submission', saved.id, changes, address, agent, at
  FROM saved, given
), refreshed AS (
  SELECT given.tool_slug, o.field_id FROM given JOIN sprint_02_dream.field_outputs AS o ON o.user_id = given.user_id
  WHERE given.outputs ? o.field_id AND EXISTS (
    SELECT FROM jsonb_each(o.built_on) AS source WHERE given.sources -> source.key IS DISTINCT FROM source.value)
), source_version AS MATERIALIZED (
  SELECT o.field_id::text, o.version FROM given JOIN sprint_02_dream.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('identity.dream.narrative', 'identity.dream.one_sentence')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_01_know_thyself.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('identity.personal_values', 'identity.strengths.matrix')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_03_values.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('identity.values.cool_not_cool', 'identity.values.core_list')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_04_team.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('identity.team.dysfunction_scorecard')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_06_cash.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('performance.cash.power_of_one')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_14_target_segment_deep_dive.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('strategy.target.needs_gains', 'strategy.target.pains_matrix', 'strategy.target.persona')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_24_fit_abc_analysis.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('org.abc.talent_gaps')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_25_org_redesign.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('org.redesign.machine_blueprint', 'org.redesign.right_seats')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_15_value_proposition.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('strategy.vp.statement')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_23_processes_decisions.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('org.processes.top3_per_activity')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_28_digitalization.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('tech.digital.audit', 'tech.digital.baby_ai')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_05_fit.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('identity.fit.abc_matrix')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_08_goals.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('performance.goals.quarterly_targets')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_21_route_to_market.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('execution.rtm.roadmap')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_26_employer_branding.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('people.employer.evp')
  UNION ALL SELECT o.field_id::text, o.version FROM given JOIN sprint_29_digital_heart.field_outputs AS o ON o.user_id = given.user_id WHERE o.field_id IN ('tech.heart.blueprint')
), built AS (
  SELECT 'values' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_03_values.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'team' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_04_team.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'fit' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_05_fit.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'cash' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_06_cash.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'goals' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_08_goals.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'market-size' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_12_market_size.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'value-proposition' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_15_value_proposition.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'employer-branding' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_26_employer_branding.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'agile-teams' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_27_agile_teams.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'digitalization' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_28_digitalization.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'digital-heart' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_29_digital_heart.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
  UNION ALL SELECT 'program-overview' AS tool_slug, o.field_id, o.built_on FROM given JOIN sprint_30_program_overview.field_outputs AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched
), happened AS (
  SELECT fact.* FROM given, jsonb_to_recordset(given.facts) AS fact (kind text, tool_slug text, field_ids text[], details jsonb)
  UNION ALL SELECT 'progress_changed', tool_slug, '{}', '{"from": "locked", "to": "unlocked"}' FROM unlocked
  UNION ALL SELECT 'tool_unlocked', tool_slug, '{}', '{}' FROM unlocked
  UNION ALL (
    SELECT 'stale_changed', tool_slug, array_remove(array_agg(field_id ORDER BY field_id), NULL),
      jsonb_build_object('stale', stale)
    FROM (SELECT tool_slug, field_id, false AS stale FROM refreshed
    UNION ALL SELECT tool_slug, field_id, true FROM built WHERE NOT EXISTS (
    SELECT FROM jsonb_each(built.built_on) AS source
    LEFT JOIN source_version AS v ON v.field_id = source.key
    WHERE to_jsonb(v.version) IS DISTINCT FROM source.value)) AS turned GROUP BY tool_slug, stale ORDER BY stale, tool_slug
  )
), told AS (
INSERT INTO outbox.events (at, kind, user_id, actor_id, organization_id, tool_slug, field_ids, details)
  SELECT given.at, kind, user_id, user_id, organization_id, happened.tool_slug, field_ids, details FROM given, happened
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
