// Listens with graphql-ws, prints each message as a line of JSON, and connects again with the last cursor.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, query] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${token}` },
  retryWait: () => new Promise((done) => setTimeout(done, 50)),
  retryAttempts: 100,
  shouldRetry: () => true,
  on: { closed: (event) => say({ closed: event.code }) },
});

const variables = { after: null };
for await (const answer of client.iterate({ query, variables })) {
  const [told] = Object.values(answer.data ?? {});
  variables.after = told?.cursor ?? variables.after;
  say(answer);
}
say({ complete: true });
client.dispose();
