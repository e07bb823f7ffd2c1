// How somebody stands with a tool, in one word.
import type { ToolStateFragment } from './graph';

export type Standing = 'locked' | 'open' | 'progress' | 'done';

const STANDINGS = { LOCKED: 'locked', UNLOCKED: 'open', IN_PROGRESS: 'progress', COMPLETED: 'done' } as const;

export const standingOf = ({ progress }: Pick<ToolStateFragment, 'progress'>): Standing => STANDINGS[progress.status];

export const WORDS: Readonly<Record<Standing, string>> = {
  locked: 'locked',
  open: 'open',
  progress: 'in progress',
  done: 'done',
};

export const isStale = ({ fieldValues }: Pick<ToolStateFragment, 'fieldValues'>): boolean =>
  fieldValues.some(({ stale }) => stale);

/** "in progress, stale" */
export const described = (state: Pick<ToolStateFragment, 'progress' | 'fieldValues'>): string =>
  WORDS[standingOf(state)] + (isStale(state) ? ', stale' : '');

/** What has changed between two readings, a sentence each: "Values is open." */
export function changes(
  before: ReadonlyMap<string, ToolStateFragment>,
  now: ReadonlyMap<string, ToolStateFragment>,
  nameOf: (slug: string) => string,
): { slug: string; sentence: string }[] {
  return [...now.values()].flatMap((state) => {
    const old = before.get(state.slug);
    if (!old || described(old) === described(state)) return [];
    return [{ slug: state.slug, sentence: `${nameOf(state.slug)} is ${described(state)}.` }];
  });
}
