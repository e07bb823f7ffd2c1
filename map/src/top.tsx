// The bar: what this is, whose map it is, whether changes are heard, who is signed in.
import type { Route } from './route';
import type { MapPersonQuery, MapViewerQuery } from './graph';
import type { Session } from './session';
import { isStale, standingOf } from './standing';

interface Props {
  readonly session: Session;
  readonly viewer: MapViewerQuery['viewer'];
  readonly connected: boolean;
  readonly shown: MapPersonQuery['user'];
  readonly go: (change: Partial<Route>) => void;
}

export function Top({ session, viewer, connected, shown, go }: Props) {
  const another = shown && viewer && shown.databaseId !== viewer.databaseId;
  return (
    <header class="top">
      <h1>
        <span class="brand">Fast Track</span> {another ? `The map of ${shown.fullName}` : 'The map'}
      </h1>
      {shown && <p class="summary">{summary(shown)}</p>}
      {another && (
        <button type="button" class="quiet" onClick={() => go({ person: null, tool: null })}>
          Back to my own map
        </button>
      )}
      <div class="who">
        {session.state === 'in' && (
          <p class={connected ? 'live on' : 'live'} role="status">
            {connected ? 'Live' : 'Connecting…'}
          </p>
        )}
        {viewer && <p>{viewer.fullName}</p>}
        {session.state === 'in' && (
          <button type="button" class="quiet" onClick={() => void session.signOut()}>
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

function summary({ tools }: NonNullable<MapPersonQuery['user']>): string {
  const done = tools.filter((state) => standingOf(state) === 'done').length;
  const stale = tools.filter(isStale).length;
  return `${done} of ${tools.length} done${stale ? ` · ${stale} stale` : ''}`;
}
