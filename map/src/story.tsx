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
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
}

export function Story({ value, person, ask, choose }: Props) {
  const [open, setOpen] = useState(false);
  const { provenance } = value;
  if (!provenance) return null;
  return (
    <details class="story" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {value.stale && (
          <span class="mark">
            <Icon of="stale" /> stale
          </span>
        )}{' '}
        Version {provenance.version}, {when(provenance.at)}
        <span class="hidden">: history and sources of {value.label}</span>
      </summary>
      <p class="muted">
        By {provenance.author?.fullName ?? 'somebody'}
        {provenance.authorKind === 'AUTOMATION' && ', through an automation'}
        {provenance.confirmedAt && ` · seen and still right on ${when(provenance.confirmedAt)}`}
      </p>
      {open && (
        <>
          <Lineage field={value.id} version={provenance.version} {...{ person, ask, choose }} />
          <History field={value.id} version={provenance.version} {...{ person, ask }} />
        </>
      )}
    </details>
  );
}
