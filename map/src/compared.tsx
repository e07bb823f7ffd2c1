// Two values beside each other as one text with what was taken out and what was put in.
import { useMemo } from 'preact/hooks';
import { differenceOf, textOf } from './difference';
import { Value } from './values';

const TAGS = { added: 'ins', removed: 'del', same: 'span' } as const;

export function Compared({ before, after }: { before: unknown; after: unknown }) {
  const pieces = useMemo(() => differenceOf(before, after), [before, after]);
  if (pieces) {
    if (pieces.every(({ kind }) => kind === 'same')) return <p class="none">Nothing is different.</p>;
    return (
      <p class="text compared" tabIndex={0} role="group" aria-label="What is different">
        {pieces.map(({ kind, text }, index) => {
          const Tag = TAGS[kind];
          return <Tag key={index}>{text}</Tag>;
        })}
      </p>
    );
  }
  return (
    <div>
      <p class="muted">Too much to compare here. Both as they are:</p>
      <Whole name="Before" of={before} />
      <Whole name="After" of={after} />
    </div>
  );
}

function Whole({ name, of }: { name: string; of: unknown }) {
  return (
    <details>
      <summary>
        {name}, {textOf(of).length.toLocaleString('en')} characters
      </summary>
      <Value of={of} />
    </details>
  );
}
