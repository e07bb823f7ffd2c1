// The shape of each state, so that no colour has to say it alone.
import type { Standing } from './standing';

const SHAPES: Readonly<Record<Standing | 'stale', string>> = {
  locked: 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z',
  open: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z',
  progress: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11zM8 5v3l2.5 1.5',
  done: 'M2.5 8.5 6.5 12.5 13.5 4',
  stale: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.3',
};

export function Icon({ of }: { of: Standing | 'stale' }) {
  return (
    <svg class={`icon icon-${of}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[of]} />
    </svg>
  );
}
