// What is stale in a tool: which sources have moved, what is different in them, and "seen, still right".
import { useRef, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { Compared } from './compared';
import { ToolLink } from './connections';
import { MapConfirm, MapSources, type ToolDetailFragment } from './graph';
import { Icon } from './icons';
import { sentenceOf } from './problem';
import { fallenBehind, type Behind, type MovedSource } from './stale';

interface Props {
  readonly slug: string;
  readonly detail: ToolDetailFragment;
  readonly person: string;
  readonly own: boolean;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
  readonly confirmed: () => void;
}

export function Review({ slug, detail, person, own, ask, choose, confirmed }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);
  const behind = fallenBehind(detail);

  async function confirm({ ids, sources }: Behind) {
    setBusy(true);
    try {
      const seen = sources.flatMap(({ id, now }) => (now === null ? [] : [{ fieldId: id, version: now }]));
      const { confirmValues: result } = await ask(MapConfirm, { tool: slug, ids: ids.length ? [...ids] : null, seen });
      setSaid(result.__typename === 'ValuesConfirmed' ? 'Noted: seen, still right.' : result.message);
      status.current?.focus(); // the button goes with what was stale
      confirmed();
    } catch (error) {
      setSaid(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="review">
      {behind.length > 0 && <h3>Stale: what it was built on has changed</h3>}
      <ul>
        {behind.map((each) => (
          <li key={each.labels.join()}>
            <strong>{each.labels.join(', ')}</strong>
            <ul>
              {each.sources.map((source) => (
                <Moved key={`${source.id} ${source.now}`} {...{ source, person, ask, choose }} value={each.ids[0] ?? null} />
              ))}
            </ul>
            {own && (
              <button type="button" class="main" disabled={busy} onClick={() => void confirm(each)}>
                Seen, still right<span class="hidden">: {each.labels.join(', ')}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <p role="status" tabIndex={-1} ref={status}>{said}</p>
    </section>
  );
}

interface MovedProps {
  readonly source: MovedSource;
  readonly person: string;
  /** The value that was built on it; null for a tool that publishes none. */
  readonly value: string | null;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
}

function Moved({ source, person, value, ask, choose }: MovedProps) {
  const [shown, setShown] = useState<{ before: unknown; after: unknown } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function compare() {
    if (shown) return setShown(null);
    try {
      const { field } = await ask(MapSources, { person, field: value! });
      const both = field?.provenance?.builtOn.find((each) => each.field.id === source.id);
      setShown({ before: both?.value ?? null, after: both?.currentValue ?? null });
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }

  return (
    <li>
      {source.label} of <ToolLink {...source.tool} choose={choose} />{' '}
      <span class="mark">
        <Icon of="stale" /> {source.then !== null && `version ${source.then}, `}
        {source.now === null ? 'gone now' : `now version ${source.now}`}
      </span>{' '}
      {value && (
        <button type="button" class="quiet" aria-expanded={shown !== null} onClick={() => void compare()}>
          Then and now<span class="hidden">: {source.label}</span>
        </button>
      )}
      {problem && <p class="refused">{problem}</p>}
      {shown && shown.before === null && (
        <p class="muted">What it was then is not known: the history does not go back so far. All of it is new here.</p>
      )}
      {shown && <Compared {...shown} />}
    </li>
  );
}
