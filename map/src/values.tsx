// Answers of any shape, readable, and never more at once than a browser draws in a blink.
import { useState } from 'preact/hooks';

const LONG_TEXT = 2_000;
const MANY = 50;
const DEEP = 6;

export function Value({ of, depth = 0 }: { of: unknown; depth?: number }) {
  if (of === null || of === undefined || of === '') return <p class="none">Not answered</p>;
  if (typeof of === 'string') return <Text of={of} />;
  if (typeof of !== 'object') return <p>{String(of)}</p>;
  if (depth >= DEEP) return <Text of={JSON.stringify(of, null, 2)} />;
  const entries = Array.isArray(of) ? of.map((each) => [null, each] as const) : Object.entries(of);
  if (!entries.length) return <p class="none">Empty</p>;
  return <Entries of={entries} depth={depth} />;
}

function Entries({ of, depth }: { of: readonly (readonly [string | null, unknown])[]; depth: number }) {
  const [shown, setShown] = useState(MANY);
  const more = of.length - shown;
  return (
    <>
      <ul class="value">
        {of.slice(0, shown).map(([name, each], index) => (
          <li key={index}>
            {name !== null && <strong>{name.replaceAll('_', ' ')}</strong>} <Value of={each} depth={depth + 1} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="quiet" onClick={() => setShown(shown + MANY)}>
          {more.toLocaleString('en')} more
        </button>
      )}
    </>
  );
}

function Text({ of }: { of: string }) {
  const [whole, setWhole] = useState(false);
  const long = of.length > LONG_TEXT;
  return (
    <>
      <p class="text">{long && !whole ? `${of.slice(0, LONG_TEXT)}…` : of}</p>
      {long && (
        <button type="button" class="quiet" onClick={() => setWhole(!whole)}>
          {whole ? 'Show the beginning only' : `Show all ${of.length.toLocaleString('en')} characters`}
        </button>
      )}
    </>
  );
}
