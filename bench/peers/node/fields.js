// What the tree asks for: each leaf's tool and field id, and where the tool keeps its values.
export const SCHEMAS = {
  dream: "sprint_02_dream",
  market: "sprint_13_segmentation_target_market",
  deepDive: "sprint_14_target_segment_deep_dive",
  proposition: "sprint_15_value_proposition",
  product: "sprint_17_product_development",
  pricing: "sprint_18_pricing",
};

export const LEAVES = {
  Pricing: {
    pricingTiers: ["pricing", "execution.pricing.tiers"],
    anchorPrice: ["pricing", "execution.pricing.anchor"],
  },
  SegmentationTargetMarket: {
    segmentsList: ["market", "market.segments.list"],
    primaryTarget: ["market", "market.segments.primary_target"],
  },
  ProductDevelopment: {
    featureList: ["product", "execution.product.feature_list"],
    portfolio: ["product", "execution.product.portfolio"],
  },
  ValueProposition: {
    vpStatement: ["proposition", "strategy.vp.statement"],
    antiPromise: ["proposition", "strategy.vp.anti_promise"],
    painMapping: ["proposition", "strategy.vp.pain_mapping"],
    differentiators: ["proposition", "strategy.vp.differentiators"],
  },
  Dream: {
    dreamNarrative: ["dream", "identity.dream.narrative"],
    oneSentence: ["dream", "identity.dream.one_sentence"],
  },
  TargetSegmentDeepDive: {
    painsMatrix: ["deepDive", "strategy.target.pains_matrix"],
    persona: ["deepDive", "strategy.target.persona"],
    needsGains: ["deepDive", "strategy.target.needs_gains"],
  },
};
