// PostGraphile with its Amber preset; row-level security as its documentation recommends: pgSettings from the token.
import { createServer } from "node:http";

import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

import { claimsOf, settingsOf } from "./identity.js";
import { graph } from "./postgraphile-graph.js";

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [graph],
  pgServices: [
    makePgService({
      connectionString: process.env.GATEWAY_DATABASE_URL,
      schemas: ["graph"],
      // The planner setting of the product's own pool serves PostGraphile better as well.
      poolConfig: { max: Number(process.env.DATABASE_POOL_SIZE), options: "-c enable_bitmapscan=off" },
      pubsub: false,
    }),
  ],
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false },
  grafast: {
    context(requestContext) {
      const claims = claimsOf(requestContext.node.req.headers.authorization);
      return { claims, pgSettings: settingsOf(claims) };
    },
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), process.env.HOST);
