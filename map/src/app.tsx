// The page: who is signed in, whose map it is, and which tool is open.
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { asking } from './ask';
import { belongTo } from './drafts';
import { MapCatalogue, MapOrganizations, MapPerson, MapViewer, type ToolStateFragment } from './graph';
import { useLive, useValues, useWork } from './hearing';
import { layoutOf } from './layout';
import { idOf, ToolMap } from './map';
import { Organization } from './organization';
import { Panel } from './panel';
import { useReading } from './reading';
import { useNarrow } from './measures';
import { useRoute } from './route';
import type { Session } from './session';
import { SignIn } from './sign-in';
import { changes } from './standing';
import { Top } from './top';

/** Roles that see the work of others. */
const GUIDES: ReadonlySet<string> = new Set(['GURU', 'ADMIN']);

export function App({ session }: { session: Session }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => session.subscribe(() => redraw(0)), [session]);
  const [route, go] = useRoute();
  const ask = useMemo(() => asking(session), [session]);
  const signedIn = session.state === 'in';

  const catalogue = useReading(ask, MapCatalogue, {});
  const whoever = useReading(ask, MapViewer, signedIn ? {} : null, session.epoch);
  const viewer = whoever.data?.viewer ?? null;
  const guides = viewer !== null && GUIDES.has(viewer.role);
  const guided = useReading(ask, MapOrganizations, guides ? {} : null, session.epoch);
  const organizations = guided.data?.organizations ?? [];
  const listed = signedIn && !route.person ? route.organization : null;
  const person = (signedIn && !listed && (route.person ?? viewer?.databaseId)) || null;
  const work = useReading(ask, MapPerson, person ? { id: person } : null, session.epoch);
  const shown = work.data?.user ?? null;

  useEffect(() => {
    if (viewer) belongTo(viewer.databaseId);
  }, [viewer?.databaseId]);

  const [beat, count] = useReducer((now: number) => now + 1, 0);
  const heard = useCallback(() => {
    work.again();
    count(0);
  }, [work.again]);
  const hearing = useLive(session, signedIn);
  useWork(hearing, person ? { userId: person } : null, heard);
  const [followed, follow] = useState<readonly string[]>([]);
  useValues(hearing.live, person, followed, heard);

  const tools = catalogue.data?.tools ?? [];
  const layout = useMemo(() => layoutOf(tools), [catalogue.data]);
  const states = useMemo(() => new Map(shown?.tools.map((state) => [state.slug, state])), [shown]);
  const chosen = (!listed && tools.find(({ slug }) => slug === route.tool)) || null;
  const covered = useNarrow() && chosen !== null;
  const news = useNews(states, person, (slug) => tools.find((tool) => tool.slug === slug)?.name ?? slug);

  const problem = session.trouble ?? catalogue.problem ?? whoever.problem ?? guided.problem ?? work.problem;

  function close() {
    go({ tool: null });
    if (chosen) document.getElementById(idOf(chosen.slug))?.focus();
  }

  return (
    <div class={chosen ? 'page with-panel' : 'page'}>
      <Top connected={hearing.connected} {...{ session, viewer, shown, organizations, listed }} />
      <main inert={covered}>
        {session.state === 'out' && <SignIn session={session} />}
        {problem && <p class="problem" role="alert">{problem}</p>}
        {work.data && !shown && (
          <p class="problem" role="alert">There is nobody here whom you may see. Go back to your own map.</p>
        )}
        <p class="news" role="status">{news.sentences.join(' ')}</p>
        {listed ? (
          <Organization key={listed} organization={listed} {...{ tools, ask, hearing }} />
        ) : (
          <ToolMap layout={layout} states={states} chosen={chosen?.slug ?? null} changed={news.slugs}
            choose={(slug) => go({ tool: slug })} />
        )}
      </main>
      {chosen && (
        <Panel tool={chosen} tools={tools} ask={ask} person={person} own={person === viewer?.databaseId} beat={beat} epoch={session.epoch}
          choose={(slug) => go({ tool: slug })} close={close} follow={follow} />
      )}
    </div>
  );
}

const NEWS_LASTS = 8_000;

/** What has just changed on the map of a person, for eyes and for ears. */
function useNews(
  states: ReadonlyMap<string, ToolStateFragment>,
  person: string | null,
  nameOf: (slug: string) => string,
): { sentences: string[]; slugs: ReadonlySet<string> } {
  const before = useRef<{ person: string | null; states: typeof states } | null>(null);
  const [found, setFound] = useState<{ slug: string; sentence: string }[]>([]);
  useEffect(() => {
    const known = before.current?.person === person ? before.current.states : new Map();
    const changed = changes(known, states, nameOf);
    if (before.current && before.current.person !== person) setFound([]);
    if (states.size) before.current = { person, states };
    if (changed.length) setFound(changed);
  }, [states, person]);
  useEffect(() => {
    if (!found.length) return;
    const timer = setTimeout(() => setFound([]), NEWS_LASTS);
    return () => clearTimeout(timer);
  }, [found]);
  const slugs = useMemo(() => new Set(found.map(({ slug }) => slug)), [found]);
  return { sentences: found.map(({ sentence }) => sentence), slugs };
}
