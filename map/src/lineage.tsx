// What a value was built on and what was built on it, a step further each time somebody asks.
import { useState } from 'preact/hooks';
import type { Ask } from './ask';
import { ToolLink } from './connections';
import { MapLineage, type NodeFragment } from './graph';
import { Icon } from './icons';
import { useReading } from './reading';

interface Props {
  readonly person: string;
  readonly field: string;
  /** The version there is now: another one, another lineage. */
  readonly version: number;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
}

export function Lineage({ person, field, version, ask, choose }: Props) {
  const [depth, setDepth] = useState(1);
  const { data, problem } = useReading(ask, MapLineage, { person, field, depth }, version);
  const found = data?.field;
  if (!found) return <p class="none">{problem ?? 'Reading…'}</p>;
  const { upstream, downstream } = found.lineage;
  const further = [...upstream, ...downstream].some(({ distance }) => distance === depth);
  const { tools, wouldTurnStale } = found.impact;
  return (
    <div>
      <Nodes title="Built on" none="On nothing: it is a beginning." nodes={upstream} choose={choose} />
      <Nodes title="Built on it" none="Nothing yet." nodes={downstream} choose={choose} />
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
  readonly choose: (slug: string) => void;
}

function Nodes({ title, none, nodes, choose }: NodesProps) {
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
