// The graph's own names over what PostGraphile makes of the views: a tool hangs on its owner, and its sources are tools
// of the same owner. Every field is a plan, so a whole tree still becomes one statement.
import { context } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";

export const graph = extendSchema((build) => {
  const { pgResources } = build.input.pgRegistry;
  const claim = (name) => context().get("claims").get(name);
  const ofOwner = (tool) => ($owner) => pgResources[tool].get({ user_id: $owner.get("user_id") });
  const same = ($owner) => $owner;
  const objects = {
    Query: {
      viewer: () => pgResources.people.get({ id: claim("id") }),
      myOrganization: () => pgResources.organizations.get({ id: claim("organization_id") }),
    },
    Person: { pricing: ($person) => pgResources.pricing.get({ user_id: $person.get("id") }) },
    Pricing: { sources: same },
    ProductDevelopment: { sources: same },
    ValueProposition: { sources: same },
    PricingSources: {
      segmentationTargetMarket: ofOwner("segmentation_target_market"),
      productDevelopment: ofOwner("product_development"),
    },
    ProductDevelopmentSources: { valueProposition: ofOwner("value_proposition") },
    ValuePropositionSources: {
      dream: ofOwner("dream"),
      targetSegmentDeepDive: ofOwner("target_segment_deep_dive"),
    },
    Tool: { progress: same },
    Progress: {
      status: ($row) => $row.get("status"),
      percentage: ($row) => $row.get("percentage"),
    },
  };
  return {
    typeDefs: /* GraphQL */ `
      extend type Query {
        viewer: Person
        myOrganization: Organization
      }
      extend type Person { pricing: Pricing }
      extend type Pricing { sources: PricingSources }
      extend type ProductDevelopment { sources: ProductDevelopmentSources }
      extend type ValueProposition { sources: ValuePropositionSources }
      extend type Tool { progress: Progress }
      type PricingSources {
        segmentationTargetMarket: SegmentationTargetMarket
        productDevelopment: ProductDevelopment
      }
      type ProductDevelopmentSources { valueProposition: ValueProposition }
      type ValuePropositionSources {
        dream: Dream
        targetSegmentDeepDive: TargetSegmentDeepDive
      }
      enum ProgressStatus { LOCKED UNLOCKED IN_PROGRESS COMPLETED }
      type Progress {
        status: ProgressStatus
        percentage: Int
      }
    `,
    objects: Object.fromEntries(Object.entries(objects).map(([type, plans]) => [type, { plans }])),
    enums: {
      ProgressStatus: {
        values: { LOCKED: "locked", UNLOCKED: "unlocked", IN_PROGRESS: "in_progress", COMPLETED: "completed" },
      },
    },
  };
});
