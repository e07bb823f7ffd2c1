// Hears what happens, over one WebSocket for all subscriptions, and goes on after a break where it left off.
import { createClient, type Client } from 'graphql-ws';
import type { Operation } from './operation';
import type { Session } from './session';

interface Told {
  readonly __typename: string;
  readonly cursor?: string;
  readonly participant?: { readonly databaseId: string } | null;
}

type Subscription<Variables> = Operation<{ readonly told: Told }, Variables>;

/** What is heard: whose work has changed; null says that anything may have, so all has to be read again. */
export type Heard = (participant: string | null) => void;

const TICK = 5_000;
/** Who is looked at again after so long may have slept, as the computer has: timers stand still then. */
const SLEPT = 20_000;
const LONGEST_WAIT = 15_000;
const AGAIN_AFTER = 5_000;
/** How the gateway closes a connection whose token is not good any more. */
const NOBODY = 4403;

export class Live {
  private readonly client: Client;
  private seen = Date.now();
  private awaken = () => {};
  private readonly stop: () => void;

  /** `connected` is told whether changes are heard at the moment. */
  constructor(session: Session, connected: (live: boolean) => void) {
    const socket = new URL('/graphql', location.href);
    socket.protocol = socket.protocol.replace('http', 'ws');
    let token: string | null = null;
    this.client = createClient({
      url: socket.href,
      connectionParams: async () => {
        token = await session.token();
        return { Authorization: `Bearer ${token}` };
      },
      retryAttempts: Infinity,
      // What was thrown here, and no event of the connection, would be thrown again.
      shouldRetry: (problem) => session.state === 'in' && (problem instanceof Event || hasCode(problem)),
      jsonMessageReplacer: byId,
      retryWait: (retries) => this.pause(Math.min(LONGEST_WAIT, 500 * 2 ** retries) * (0.7 + Math.random() * 0.6)),
      on: {
        connected: () => connected(true),
        error: () => connected(false),
        closed: (event) => {
          connected(false);
          if (token && hasCode(event) && event.code === NOBODY) session.refused(token).catch(() => {});
        },
      },
    });
    // Not in a hidden tab, whose timers are late as a rule.
    const look = () => {
      if (document.visibilityState === 'hidden') return;
      const unseen = Date.now() - this.seen;
      this.seen = Date.now();
      if (unseen > SLEPT) this.wake();
    };
    const timer = setInterval(look, TICK);
    const wake = () => this.wake();
    document.addEventListener('visibilitychange', look);
    addEventListener('online', wake);
    this.stop = () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', wake);
    };
  }

  /** Hear one subscription until the returned function is called. */
  listen<Variables extends object>(operation: Subscription<Variables>, variables: Variables, heard: Heard): () => void {
    // The client sends this object again with each connection, hence with the last cursor.
    const sent: Variables & { after?: string | null } = { ...variables, after: null };
    let cancel = () => {};
    let retry: ReturnType<typeof setTimeout>;
    let over = false;
    const begin = () => {
      cancel = this.client.subscribe<{ told: Told }>({ query: operation.id, variables: sent }, {
        next: ({ data }) => {
          if (!data) return;
          const { __typename: kind, cursor, participant } = data.told;
          if (kind === 'Listening' && sent.after === null) heard(null); // listen first, then read
          else if (kind === 'ReadAfresh') restart();
          else if (participant) heard(participant.databaseId);
          if (cursor) sent.after = cursor;
        },
        error: () => {
          if (!over) retry = setTimeout(begin, AGAIN_AFTER);
        },
        complete: () => {},
      });
    };
    const restart = () => {
      cancel();
      clearTimeout(retry);
      sent.after = null;
      begin();
    };
    begin();
    return () => {
      over = true;
      clearTimeout(retry);
      cancel();
    };
  }

  /** The connection may be dead without anybody having noticed: open another one, with the last cursors. */
  private wake(): void {
    this.awaken();
    this.client.terminate();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      this.awaken = done;
      setTimeout(done, milliseconds);
    });
  }

  end(): void {
    this.stop();
    void Promise.resolve(this.client.dispose()).catch(() => {});
  }
}

const hasCode = (problem: unknown): problem is { readonly code: unknown } =>
  typeof problem === 'object' && problem !== null && 'code' in problem;

/** The client insists on `query`; what it is given there is the id of a stored document. */
const byId = (key: string, value: any) =>
  key === 'payload' && value?.query ? { documentId: value.query, variables: value.variables } : value;
