// What a value has been: who changed it when, and what was different.
import { useEffect, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { Compared } from './compared';
import { MapHistory, MapVersion, type MapHistoryQuery } from './graph';
import { Problem, sentenceOf } from './problem';
import { runsOf } from './runs';
import { when } from './when';

type Edge = NonNullable<MapHistoryQuery['field']>['history']['edges'][number];
type Node = Edge['node'];

interface Props {
  readonly person: string;
  readonly field: string;
  /** The version there is now: another one, another history. */
  readonly version: number;
  /** When it was said that it is still right. */
  readonly confirmedAt: string | null;
  readonly ask: Ask;
}

export function History({ person, field, version, confirmedAt, ask }: Props) {
  const [edges, setEdges] = useState<Edge[]>([]);
  const [more, setMore] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const [reading, setReading] = useState(false);

  async function read(after: string | null) {
    setReading(true);
    try {
      const { field: found } = await ask(MapHistory, { person, field, after });
      const page = found?.history;
      setEdges((before) => [...(after ? before : []), ...(page?.edges ?? [])]);
      setMore(page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null);
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setReading(false);
    }
  }
  useEffect(() => void read(null), [person, field, version, confirmedAt]);

  const place = new Map(edges.map(({ node }, index) => [node.version, index]));
  const after = async (cursor: string | null) => {
    const { field: found } = await ask(MapVersion, { person, field, after: cursor });
    return found?.history.edges[0]?.node;
  };
  const values: Values = {
    /** A version's value: the one that comes after the cursor of the version above it. */
    async of({ version: wanted }) {
      const node = await after(edges[place.get(wanted)! - 1]?.cursor ?? null);
      if (node?.version === wanted) return node.value;
      await read(null);
      throw new Problem('Somebody has saved meanwhile. This is the new list: look once more.');
    },
    async before({ version: wanted }) {
      return (await after(edges[place.get(wanted)!]!.cursor))?.value ?? null;
    },
  };
  const runs = runsOf(edges.map(({ node }) => node));
  return (
    <div>
      <h5>History</h5>
      {problem && <p class="refused">{problem}</p>}
      <ol class="history">
        {runs.map((run) => (
          <Run key={run[0]!.version} run={run} values={values} />
        ))}
      </ol>
      {!runs.length && !reading && !problem && <p class="none">None: it has not been answered yet.</p>}
      {more && (
        <button type="button" class="quiet" disabled={reading} onClick={() => void read(more)}>
          Earlier versions
        </button>
      )}
    </div>
  );
}

interface Values {
  readonly of: (node: Node) => Promise<unknown>;
  /** That of the version before it, shown or not; null before the first. */
  readonly before: (node: Node) => Promise<unknown>;
}

interface RunProps {
  readonly run: readonly Node[];
  readonly values: Values;
}

function Run({ run, values }: RunProps) {
  const [single, setSingle] = useState(false);
  const [newest, oldest] = [run[0]!, run.at(-1)!];
  return (
    <li>
      <Change
        title={run.length > 1 ? `Versions ${oldest.version} to ${newest.version}` : `Version ${newest.version}`}
        node={newest}
        first={oldest}
        values={values}
      />
      {run.length > 1 && (
        <button type="button" class="quiet" aria-expanded={single} onClick={() => setSingle(!single)}>
          Each of {run.length}
        </button>
      )}
      {single && (
        <ol class="history">
          {run.map((node) => (
            <li key={node.version}>
              <Change title={`Version ${node.version}`} node={node} first={node} values={values} />
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

interface ChangeProps {
  readonly title: string;
  readonly node: Node;
  /** The first of the versions that are one here. */
  readonly first: Node;
  readonly values: Values;
}

function Change({ title, node, first, values }: ChangeProps) {
  const [shown, setShown] = useState<{ before: unknown; after: unknown } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function compare() {
    if (shown) return setShown(null);
    setProblem(null);
    try {
      const [before, after] = await Promise.all([values.before(first), values.of(node)]);
      setShown({ before, after });
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }

  return (
    <div>
      <p>
        <strong>{title}</strong>{' '}
        <span class="muted">
          {when(node.at)} by {node.author?.fullName ?? 'somebody'}
          {node.authorKind === 'AUTOMATION' && ', through an automation'}
          {!node.available && ' · cleared'}
          {node.confirmedAt && ` · seen and still right on ${when(node.confirmedAt)}`}
        </span>
      </p>
      <button type="button" class="quiet" aria-expanded={shown !== null} onClick={() => void compare()}>
        What changed<span class="hidden"> in {title.toLowerCase()}</span>
      </button>
      {problem && <p class="refused">{problem}</p>}
      {shown && <Compared {...shown} />}
    </div>
  );
}
