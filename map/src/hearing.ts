// Hears of the work that is looked at, as long as it is looked at.
import { useEffect, useRef, useState } from 'preact/hooks';
import { MapProgress, MapStale, MapUnlocked, MapValues } from './graph';
import { Live, type Heard } from './live';
import type { Session } from './session';

export interface Hearing {
  readonly live: Live | null;
  /** Whether the connection stands. */
  readonly connected: boolean;
}

/** One connection for everything heard while somebody is signed in. */
export function useLive(session: Session, signedIn: boolean): Hearing {
  const [live, setLive] = useState<Live | null>(null);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (!signedIn) return;
    const opened = new Live(session, setConnected);
    setLive(opened);
    return () => {
      opened.end();
      setLive(null);
      setConnected(false);
    };
  }, [session, signedIn, session.epoch]);
  return { live, connected };
}

export interface Whose {
  readonly userId?: string;
  readonly organizationId?: string;
}

/** What is not heard of is read again this often: all of it behind a proxy that passes no WebSockets. */
export const UNHEARD = 30_000;

/** How somebody stands, or everybody of an organisation. */
export function useWork({ live, connected }: Hearing, whose: Whose | null, heard: Heard): void {
  const now = useRef(heard);
  now.current = heard;
  const key = JSON.stringify(whose);
  useEffect(() => {
    if (!live || !whose) return;
    const ends = [MapProgress, MapUnlocked, MapStale].map((each) => live.listen(each, whose, (who) => now.current(who)));
    return () => ends.forEach((end) => end());
  }, [live, key]);
  useEffect(() => {
    if (!live || !whose || connected) return;
    const timer = setInterval(() => now.current(null), UNHEARD);
    return () => clearInterval(timer);
  }, [live, connected, key]);
}

/** The gateway takes so many in one subscription. */
const MOST = 50;

/** Values of somebody. */
export function useValues(live: Live | null, userId: string | null, ids: readonly string[], heard: Heard): void {
  useEffect(() => {
    if (!live || !userId || !ids.length) return;
    return live.listen(MapValues, { userId, ids: ids.slice(0, MOST) }, heard);
  }, [live, userId, ids.join()]);
}
