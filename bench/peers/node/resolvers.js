// Resolvers that both schema-first servers use: objects on the way to a leaf are plain, leaves load.
import { GraphQLScalarType } from "graphql";

import { asViewer, read } from "./database.js";
import { LEAVES } from "./fields.js";

const MEMBERS = asViewer(
  "members",
  "SELECT id, full_name FROM users.accounts WHERE organization_id = viewer.company_id" +
    " ORDER BY full_name, id LIMIT viewer.page_size",
  { company_id: "uuid", page_size: "int" },
);

const ORGANIZATION = asViewer(
  "organization",
  "SELECT id, name FROM organizations.companies WHERE id = viewer.company_id",
  { company_id: "uuid" },
);

const sameOwner = (owner) => owner;

const leaf =
  ([tool, field]) =>
  (owner, _, { loaders }) =>
    loaders.values.load({ userId: owner.id, tool, field });

const leaves = (type) => Object.fromEntries(Object.entries(LEAVES[type]).map(([name, key]) => [name, leaf(key)]));

export const resolvers = {
  JSON: new GraphQLScalarType({ name: "JSON" }),
  Query: {
    viewer: (_, __, { claims }) => ({ id: claims.id }),
    organization: async (_, __, { claims, settings }) =>
      (await read(ORGANIZATION, settings, claims.organization_id))[0] ?? null,
  },
  Organization: {
    members: async ({ id }, { first }, { settings }) => ({
      edges: (await read(MEMBERS, settings, id, first)).map((row) => ({ node: { id: row.id, fullName: row.full_name } })),
    }),
  },
  Participant: {
    fullName: async (person, _, { loaders }) => person.fullName ?? (await loaders.accounts.load(person.id)).full_name,
    tools: async ({ id }, _, { loaders }) =>
      (await loaders.progress.load(id)).map((row) => ({
        slug: row.tool_slug,
        progress: { status: row.status.toUpperCase(), percentage: row.progress_percentage },
      })),
    pricing: sameOwner,
  },
  Pricing: { ...leaves("Pricing"), sources: sameOwner },
  PricingSources: { segmentationTargetMarket: sameOwner, productDevelopment: sameOwner },
  SegmentationTargetMarket: leaves("SegmentationTargetMarket"),
  ProductDevelopment: { ...leaves("ProductDevelopment"), sources: sameOwner },
  ProductDevelopmentSources: { valueProposition: sameOwner },
  ValueProposition: { ...leaves("ValueProposition"), sources: sameOwner },
  ValuePropositionSources: { dream: sameOwner, targetSegmentDeepDive: sameOwner },
  Dream: leaves("Dream"),
  TargetSegmentDeepDive: leaves("TargetSegmentDeepDive"),
};
