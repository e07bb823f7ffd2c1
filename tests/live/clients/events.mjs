// Listens with graphql-sse, prints each message as a line of JSON, and connects again with the last cursor.
import { createClient } from 'graphql-sse';

const [url, token, query] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const client = createClient({
  url,
  headers: { Authorization: `Bearer ${token}` },
  retry: () => new Promise((done) => setTimeout(done, 50)),
  retryAttempts: 100,
});

const variables = { after: null };
for await (const answer of client.iterate({ query, variables })) {
  const [told] = Object.values(answer.data ?? {});
  variables.after = told?.cursor ?? variables.after;
  say(answer);
}
say({ complete: true });
client.dispose();
