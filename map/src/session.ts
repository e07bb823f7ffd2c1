// Who is signed in. The access token stays in this object's memory; what lasts is a cookie that no script can read.
import { Problem, sentenceOf, unreachable } from './problem';

/** What the server answers who may go on. */
interface Grant {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in?: number;
}

interface Granted {
  readonly token: string;
  /** When it runs out, by this clock; null where nobody says, as in development. */
  readonly until: number | null;
}

export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string;
}

/** A token is renewed when it has less than this left. */
const MARGIN = 45_000;
const LONGEST_WAIT = 15_000;
/** Development only: whom the picker was last asked for, so that reloading the page keeps them. No token. */
const PICKED = 'fast-track-map.picked';

export class Session {
  private granted: Granted | null = null;
  private renewing: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  /** `starting` until the cookie has been tried. */
  state: 'starting' | 'out' | 'in' = 'starting';
  /** Whether it was not the person who ended it. */
  ended = false;
  /** Whether the server does not know yet that the person has ended it. */
  lingering = false;
  /** Why nobody knows yet whether somebody is signed in. */
  trouble: string | null = null;
  /** Another number for each sign-in, so that nobody is shown what another asked for. */
  epoch = 0;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Try what a browser may have: the school's or an earlier sign-in's cookie, or development's last pick. */
  async start(): Promise<void> {
    for (let wait = 1_000; this.state === 'starting'; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      try {
        await this.renew();
      } catch (error) {
        this.trouble = `${sentenceOf(error)} This page tries again by itself.`;
        this.tell();
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    const { status, body } = await post('/api/auth/login', { email, password });
    if (status >= 400) throw new Problem(body.message ?? `The server answered ${status}.`);
    this.grant(body.data);
  }

  /** Out at once on this page. `lingering` where the server could not be told: its cookie would sign in again. */
  async signOut(): Promise<void> {
    sessionStorage.removeItem(PICKED);
    this.become('out');
    this.lingering = await post('/api/auth/logout', {}, true).then(({ status }) => status >= 500, () => true);
    this.tell();
  }

  /** A token that is good for a while, or null for nobody. Throws `Problem` where the server cannot be reached. */
  async token(): Promise<string | null> {
    if (this.state === 'starting' && this.renewing) await this.renewing;
    if (!this.granted) return null;
    if (this.granted.until !== null && this.granted.until - Date.now() < MARGIN) await this.renew();
    return this.granted?.token ?? null;
  }

  /** The server has refused this token: renew it, unless that has happened since. */
  async refused(token: string): Promise<void> {
    if (this.granted?.token === token) await this.renew();
  }

  /** Once at a time, however many ask: a refresh token is used once. Where there is nothing to renew, one is out. */
  private renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renewOnce(): Promise<void> {
    const before = this.granted;
    const next = await this.next();
    if (this.granted !== before) return; // meanwhile the person has signed out or in
    if (next) return this.grant(next);
    this.ended = this.state === 'in';
    this.become('out');
  }

  /** What takes the place of the token there is; null where there is none. */
  private async next(): Promise<Grant | null> {
    const picked = sessionStorage.getItem(PICKED);
    const { status, body } = picked ? await post('/dev/token', { email: picked }) : await post('/api/auth/refresh', {});
    if (status >= 500 || status === 429) throw new Problem(`The server answered ${status}. Try again in a moment.`);
    if (status >= 400) return null;
    return picked ? body : body.data;
  }

  /** Development's people; none in production. */
  async demoPeople(): Promise<DemoPerson[]> {
    const response = await fetch('/dev/users').catch(unreachable);
    return response.ok ? response.json() : [];
  }

  async pick(email: string): Promise<void> {
    const { status, body } = await post('/dev/token', { email });
    if (status >= 400) throw new Problem(`There is no token for ${email}: the server answered ${status}.`);
    sessionStorage.setItem(PICKED, email);
    this.grant(body);
  }

  private grant({ access_token: token, expires_in: seconds }: Grant): void {
    this.granted = { token, until: seconds ? Date.now() + seconds * 1000 : null };
    this.ended = this.lingering = false;
    this.become('in');
  }

  private become(state: 'out' | 'in'): void {
    if (state === 'out') this.granted = null;
    if (state !== this.state) this.epoch += 1;
    this.state = state;
    this.trouble = null;
    this.tell();
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** With `keepalive` it is sent to its end although the page is closed. */
async function post(path: string, body: object, keepalive = false): Promise<{ status: number; body: any }> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    keepalive,
  }).catch(unreachable);
  return { status: response.status, body: await response.json().catch(() => ({})) };
}
