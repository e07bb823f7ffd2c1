// What the page shows, kept in the address: it can be linked to, and the browser's Back goes back.
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  /** Slug of the tool whose panel is open. */
  readonly tool: string | null;
  /** Id of the person whose map it is; the viewer's own without it. */
  readonly person: string | null;
  /** Id of the organisation whose people are listed instead of a map. */
  readonly organization: string | null;
}

const NAMES = ['organization', 'person', 'tool'] as const;

function read(): Route {
  const given = new URLSearchParams(location.hash.slice(1));
  return { tool: given.get('tool'), person: given.get('person'), organization: given.get('organization') };
}

export const addressOf = (route: Partial<Route>): string => {
  const given = NAMES.flatMap((name) => (route[name] ? [[name, route[name]] as [string, string]] : []));
  return `#${new URLSearchParams(given)}`;
};

/** The route, and how to change a part of it. */
export function useRoute(): [Route, (change: Partial<Route>) => void] {
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const moved = () => setRoute(read());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return [route, (change) => (location.hash = addressOf({ ...route, ...change }))];
}
