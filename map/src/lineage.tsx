// What a value was built on and what was built on it, a step further each time somebody asks.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { ToolLink } from './connections';
import { MapLineage, type NodeFragment } from './graph';
import { Icon } from './icons';
import { useReading } from './reading';
import type { Published } from './story';

type Source = NonNullable<Published['provenance']>['builtOn'][number];

interface Props {
  readonly person: string;
  readonly field: string;
  /** The sources of the version there is now, with their own versions then and now. */
  readonly builtOn: readonly Source[];
  /** Counts what was heard of this person's work. */
  readonly beat: number;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
}

export function Lineage({ person, field, builtOn, beat, ask, choose }: Props) {
  const [depth, setDepth] = useState(1);
  const { data, problem, again } = useReading(ask, MapLineage, { person, field, depth });
  useEffect(() => {
    if (beat) again();
  }, [beat]);
  // What was read stays while a step further is.
  const last = useRef(data?.field);
  if (data?.field) last.current = data.field;
  const found = last.current;
  if (!found) return <p class="none">{problem ?? 'Reading…'}</p>;
  const versions = new Map(builtOn.map((source) => [source.field.id, source]));
  const { upstream, downstream } = found.lineage;
  const further = [...upstream, ...downstream].some(({ distance }) => distance === depth);
  const { tools, wouldTurnStale } = found.impact;
  return (
    <div>
      <Nodes title="Built on" none="On nothing: it is a beginning." nodes={upstream} versions={versions} choose={choose} />
      <Nodes title="Built on it" none="Nothing yet." nodes={downstream} versions={new Map()} choose={choose} />
      {further && (
        <button type="button" class="quiet" onClick={() => setDepth(depth + 1)}>
          A step further
        </button>
      )}
      {tools.length > 0 && (
        <p class="muted">
          A change of it would turn {wouldTurnStale.length || 'answers'}{' '}
          {wouldTurnStale.length === 1 ? 'value' : wouldTurnStale.length ? 'values' : ''} stale, in{' '}
          {tools.map(({ name }) => name).join(', ')}.
        </p>
      )}
    </div>
  );
}

interface NodesProps {
  readonly title: string;
  readonly none: string;
  readonly nodes: readonly NodeFragment[];
  /** Of those that it was built on itself, by id. */
  readonly versions: ReadonlyMap<string, Source>;
  readonly choose: (slug: string) => void;
}

function Nodes({ title, none, nodes, versions, choose }: NodesProps) {
  return (
    <div>
      <h5>{title}</h5>
      {!nodes.length && <p class="none">{none}</p>}
      <ul>
        {nodes.map(({ distance, field }) => (
          <li key={field.id}>
            {field.label} of <ToolLink {...field.sourceTool} choose={choose} />
            <span class="muted">
              {distance > 1 && ` · ${distance} steps away`}
              {thenAndNow(versions.get(field.id))}
              {!field.available && ' · gone'}
            </span>
            {field.stale && (
              <span class="mark">
                <Icon of="stale" /> stale
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function thenAndNow(source: Source | undefined): string {
  if (!source) return '';
  const { version, currentVersion: now } = source;
  return version === now ? ` · version ${version}` : ` · version ${version}, ${now === null ? 'gone now' : `now ${now}`}`;
}
