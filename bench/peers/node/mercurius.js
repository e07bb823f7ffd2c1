// mercurius with graphql-jit, which compiles a document when it is asked the second time.
import { readFileSync } from "node:fs";

import Fastify from "fastify";
import mercurius from "mercurius";

import { contextOf } from "./context.js";
import { resolvers } from "./resolvers.js";

const app = Fastify();
app.register(mercurius, {
  schema: readFileSync(new URL("./schema.graphql", import.meta.url), "utf8"),
  resolvers,
  jit: 1,
  context: contextOf,
});
await app.listen({ host: process.env.HOST, port: Number(process.env.PORT) });
