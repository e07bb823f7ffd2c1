-- What PostGraphile serves: the product's tables as views under the names of the graph. Each view reads as its caller
-- (security_invoker), so the same row-level policies decide. Comments are PostGraphile's own smart tags.
CREATE SCHEMA graph;
GRANT USAGE ON SCHEMA graph TO fast_track_gateway;

CREATE VIEW graph.organizations WITH (security_invoker = true) AS
  SELECT id, name FROM organizations.companies;
COMMENT ON VIEW graph.organizations IS '@primaryKey id';

CREATE VIEW graph.people WITH (security_invoker = true) AS
  SELECT id, full_name, organization_id FROM users.accounts;
COMMENT ON VIEW graph.people IS
  E'@primaryKey id\n@foreignKey (organization_id) references organizations (id)|@foreignFieldName members';

CREATE VIEW graph.tools WITH (security_invoker = true) AS
  SELECT user_id, tool_slug AS slug, status, progress_percentage AS percentage FROM tool_access.progress;
COMMENT ON VIEW graph.tools IS
  E'@foreignKey (user_id) references people (id)|@foreignSimpleFieldName tools|@behavior +list -connection';

CREATE VIEW graph.pricing WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_18_pricing.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'execution.pricing.tiers') AS pricing_tiers,
    (SELECT value FROM sprint_18_pricing.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'execution.pricing.anchor') AS anchor_price
  FROM sprint_18_pricing.submissions AS s;
COMMENT ON VIEW graph.pricing IS '@primaryKey user_id';

CREATE VIEW graph.segmentation_target_market WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_13_segmentation_target_market.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'market.segments.list') AS segments_list,
    (SELECT value FROM sprint_13_segmentation_target_market.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'market.segments.primary_target') AS primary_target
  FROM sprint_13_segmentation_target_market.submissions AS s;
COMMENT ON VIEW graph.segmentation_target_market IS '@primaryKey user_id';

CREATE VIEW graph.product_development WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_17_product_development.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'execution.product.feature_list') AS feature_list,
    (SELECT value FROM sprint_17_product_development.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'execution.product.portfolio') AS portfolio
  FROM sprint_17_product_development.submissions AS s;
COMMENT ON VIEW graph.product_development IS '@primaryKey user_id';

CREATE VIEW graph.value_proposition WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_15_value_proposition.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.vp.statement') AS vp_statement,
    (SELECT value FROM sprint_15_value_proposition.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.vp.anti_promise') AS anti_promise,
    (SELECT value FROM sprint_15_value_proposition.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.vp.pain_mapping') AS pain_mapping,
    (SELECT value FROM sprint_15_value_proposition.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.vp.differentiators') AS differentiators
  FROM sprint_15_value_proposition.submissions AS s;
COMMENT ON VIEW graph.value_proposition IS '@primaryKey user_id';

CREATE VIEW graph.dream WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_02_dream.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'identity.dream.narrative') AS dream_narrative,
    (SELECT value FROM sprint_02_dream.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'identity.dream.one_sentence') AS one_sentence
  FROM sprint_02_dream.submissions AS s;
COMMENT ON VIEW graph.dream IS '@primaryKey user_id';

CREATE VIEW graph.target_segment_deep_dive WITH (security_invoker = true) AS
  SELECT user_id,
    (SELECT value FROM sprint_14_target_segment_deep_dive.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.target.pains_matrix') AS pains_matrix,
    (SELECT value FROM sprint_14_target_segment_deep_dive.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.target.persona') AS persona,
    (SELECT value FROM sprint_14_target_segment_deep_dive.field_outputs AS o
     WHERE o.user_id = s.user_id AND field_id = 'strategy.target.needs_gains') AS needs_gains
  FROM sprint_14_target_segment_deep_dive.submissions AS s;
COMMENT ON VIEW graph.target_segment_deep_dive IS '@primaryKey user_id';

GRANT SELECT ON ALL TABLES IN SCHEMA graph TO fast_track_gateway;
