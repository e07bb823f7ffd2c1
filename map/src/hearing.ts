// Hears of the work that is looked at, as long as it is looked at.
import { useEffect, useState } from 'preact/hooks';
import { MapProgress, MapStale, MapUnlocked, MapValues } from './graph';
import { Live, type Heard } from './live';
import type { Session } from './session';

/** One connection for everything heard while somebody is signed in; whether it stands. */
export function useLive(session: Session, signedIn: boolean): { live: Live | null; connected: boolean } {
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

/** How somebody stands, or everybody of an organisation. */
export function useWork(live: Live | null, whose: Whose | null, heard: Heard): void {
  useEffect(() => {
    if (!live || !whose) return;
    const ends = [MapProgress, MapUnlocked, MapStale].map((each) => live.listen(each, whose, heard));
    return () => ends.forEach((end) => end());
  }, [live, JSON.stringify(whose)]);
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
