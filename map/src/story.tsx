// Where a published value comes from and where it goes, opened on demand below its answer.
import { useState } from 'preact/hooks';
import type { Ask } from './ask';
import type { ToolDetailFragment } from './graph';
import { History } from './history';
import { Icon } from './icons';
import { Lineage } from './lineage';
import { when } from './when';

export type Published = ToolDetailFragment['fieldValues'][number];

interface Props {
  readonly value: Published;
  readonly person: string;
  /** Counts what was heard of this person's work. */
  readonly beat: number;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
}

export function Story({ value, person, beat, ask, choose }: Props) {
  const [open, setOpen] = useState(false);
  const { provenance } = value;
  return (
    <details class="story" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {value.stale && (
          <span class="mark">
            <Icon of="stale" /> stale
          </span>
        )}{' '}
        {provenance ? `Version ${provenance.version}, ${when(provenance.at)}` : 'No value now'}
        <span class="hidden">: history and sources of {value.label}</span>
      </summary>
      {provenance && (
        <p class="muted">
          By {provenance.author?.fullName ?? 'somebody'}
          {provenance.authorKind === 'AUTOMATION' && ', through an automation'}
          {provenance.confirmedAt && ` · seen and still right on ${when(provenance.confirmedAt)}`}
        </p>
      )}
      {open && provenance && <Lineage field={value.id} builtOn={provenance.builtOn} {...{ person, beat, ask, choose }} />}
      {open && (
        <History field={value.id} version={provenance?.version ?? 0} confirmedAt={provenance?.confirmedAt ?? null}
          {...{ person, ask }} />
      )}
    </details>
  );
}
