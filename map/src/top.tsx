// The bar: what this is, whose map it is, whether changes are heard, who is signed in.
import type { MapOrganizationsQuery, MapPersonQuery, MapViewerQuery } from './graph';
import { addressOf } from './route';
import type { Session } from './session';
import { standingOf } from './standing';

interface Props {
  readonly session: Session;
  readonly viewer: MapViewerQuery['viewer'];
  readonly connected: boolean;
  readonly shown: MapPersonQuery['user'];
  /** For gurus and admins: whose people they may see, and which of these is listed. */
  readonly organizations: MapOrganizationsQuery['organizations'];
  readonly listed: string | null;
}

export function Top({ session, viewer, connected, shown, organizations, listed }: Props) {
  const another = shown && viewer && shown.databaseId !== viewer.databaseId;
  return (
    <header class="top">
      <h1>
        <span class="brand">Fast Track</span> {another ? `The map of ${shown.fullName}` : listed ? 'People' : 'The map'}
      </h1>
      {shown && <p class="summary">{summary(shown)}</p>}
      {viewer && (organizations.length > 0 || another) && (
        <nav aria-label="Maps">
          <a href={addressOf({})} aria-current={!another && !listed ? 'page' : undefined}>
            My map
          </a>
          {organizations.map(({ databaseId, name }) => (
            <a key={databaseId} href={addressOf({ organization: databaseId })}
              aria-current={databaseId === listed ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
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
  const stale = tools.filter((state) => state.stale).length;
  return `${done} of ${tools.length} done${stale ? ` · ${stale} stale` : ''}`;
}
