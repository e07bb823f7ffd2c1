// What a tool waits for, what it is built on and what it leads to, each a way to go there.
import { Icon } from './icons';

interface Linked {
  readonly slug: string;
  readonly name: string;
}

type Choose = (slug: string) => void;

export function ToolLink({ slug, name, choose }: Linked & { choose: Choose }) {
  return (
    <button type="button" class="link" onClick={() => choose(slug)}>
      {name}
    </button>
  );
}

interface Missing {
  readonly tool: Linked;
  readonly fields: readonly { readonly label: string }[];
}

export function WhyLocked({ missing, choose }: { missing: readonly Missing[]; choose: Choose }) {
  if (!missing.length) return null;
  return (
    <section>
      <h3>Why it is locked</h3>
      <p>Complete {missing.length === 1 ? 'this tool' : 'these tools'} first:</p>
      <ul>
        {missing.map(({ tool, fields }) => (
          <li key={tool.slug}>
            <ToolLink {...tool} choose={choose} />
            {fields.length > 0 && <span class="muted"> lacks {fields.map(({ label }) => label).join(', ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Need {
  readonly fieldId: string;
  readonly label: string;
  readonly required: boolean;
  readonly sourceTool: Linked;
  /** Absent where nobody is signed in. */
  readonly available?: boolean;
  readonly stale?: boolean;
}

export function Needs({ of, choose }: { of: readonly Need[]; choose: Choose }) {
  return (
    <section>
      <h3>What it needs</h3>
      {!of.length && <p class="none">Nothing: it is a beginning.</p>}
      <ul class="needs">
        {of.map(({ fieldId, label, required, sourceTool, available, stale }) => (
          <li key={fieldId}>
            <span>{label}</span> of <ToolLink {...sourceTool} choose={choose} />
            <span class="muted">
              {!required && ' · optional'}
              {available === true && ' · there'}
              {available === false && ' · not there yet'}
            </span>
            {stale && (
              <span class="mark">
                <Icon of="stale" /> changed since
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Led {
  readonly tools: readonly Linked[];
  /** Those that are locked and wait for this one. */
  readonly waiting: ReadonlySet<string>;
  readonly choose: Choose;
}

export function LeadsTo({ tools, waiting, choose }: Led) {
  return (
    <section>
      <h3>What it unlocks</h3>
      {!tools.length && <p class="none">No other tool builds on it.</p>}
      <ul class="tools">
        {tools.map((tool) => (
          <li key={tool.slug}>
            <ToolLink {...tool} choose={choose} />
            {waiting.has(tool.slug) && <span class="muted"> · waits for this one</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
