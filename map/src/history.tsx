// What a value has been: who changed it when, and what was different.
import { useEffect, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { Compared } from './compared';
import { MapHistory, MapVersion, type MapHistoryQuery } from './graph';
import { sentenceOf } from './problem';
import { runsOf } from './runs';
import { when } from './when';

type Edge = NonNullable<MapHistoryQuery['field']>['history']['edges'][number];
type Node = Edge['node'];

interface Props {
  readonly person: string;
  readonly field: string;
  /** The version there is now: another one, another history. */
  readonly version: number;
  readonly ask: Ask;
}

export function History({ person, field, version, ask }: Props) {
  const [edges, setEdges] = useState<Edge[]>([]);
  const [more, setMore] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function read(after: string | null) {
    try {
      const { field: found } = await ask(MapHistory, { person, field, after });
      const page = found?.history;
      setEdges((before) => [...(after ? before : []), ...(page?.edges ?? [])]);
      setMore(page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null);
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }
  useEffect(() => void read(null), [person, field, version]);

  const place = new Map(edges.map(({ node }, index) => [node.version, index]));
  /** A version's value: the one that comes after the cursor of the version above it. */
  async function valueOf({ version: wanted }: Node): Promise<unknown> {
    const above = edges[place.get(wanted)! - 1];
    const { field: found } = await ask(MapVersion, { person, field, after: above?.cursor ?? null });
    const node = found?.history.edges[0]?.node;
    if (node?.version !== wanted) await read(null); // somebody has saved meanwhile
    return node?.version === wanted ? node.value : null;
  }

  const below = (node: Node) => edges[place.get(node.version)! + 1]?.node ?? null;
  const runs = runsOf(edges.map(({ node }) => node));
  return (
    <div>
      <h5>History</h5>
      {problem && <p class="refused">{problem}</p>}
      <ol class="history">
        {runs.map((run) => (
          <Run key={run[0]!.version} run={run} below={below} valueOf={valueOf} />
        ))}
      </ol>
      {more && (
        <button type="button" class="quiet" onClick={() => void read(more)}>
          Earlier versions
        </button>
      )}
    </div>
  );
}

interface RunProps {
  readonly run: readonly Node[];
  readonly below: (node: Node) => Node | null;
  readonly valueOf: (node: Node) => Promise<unknown>;
}

function Run({ run, below, valueOf }: RunProps) {
  const [single, setSingle] = useState(false);
  const [newest, oldest] = [run[0]!, run.at(-1)!];
  return (
    <li>
      <Change
        title={run.length > 1 ? `Versions ${oldest.version} to ${newest.version}` : `Version ${newest.version}`}
        node={newest}
        since={below(oldest)}
        valueOf={valueOf}
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
              <Change title={`Version ${node.version}`} node={node} since={below(node)} valueOf={valueOf} />
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
  /** The version before; null for the first. */
  readonly since: Node | null;
  readonly valueOf: (node: Node) => Promise<unknown>;
}

function Change({ title, node, since, valueOf }: ChangeProps) {
  const [shown, setShown] = useState<{ before: unknown; after: unknown } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function compare() {
    if (shown) return setShown(null);
    try {
      const [before, after] = await Promise.all([since ? valueOf(since) : null, valueOf(node)]);
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
