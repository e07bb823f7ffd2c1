// Apollo Server behind its Fastify integration, which is faster than its standalone server.
import { readFileSync } from "node:fs";

import { ApolloServer } from "@apollo/server";
import fastifyApollo, { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import Fastify from "fastify";

import { contextOf } from "./context.js";
import { resolvers } from "./resolvers.js";

const app = Fastify();
const apollo = new ApolloServer({
  typeDefs: readFileSync(new URL("./schema.graphql", import.meta.url), "utf8"),
  resolvers,
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
app.register(fastifyApollo(apollo), { context: contextOf });
await app.listen({ host: process.env.HOST, port: Number(process.env.PORT) });
