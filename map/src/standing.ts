// How somebody stands with a tool, in one word.
import type { ProgressStatus, ToolStateFragment } from './graph';

export type Standing = 'locked' | 'open' | 'progress' | 'done';

const STANDINGS = { LOCKED: 'locked', UNLOCKED: 'open', IN_PROGRESS: 'progress', COMPLETED: 'done' } as const;

/** As much of a tool as tells how it stands. */
interface State {
  readonly progress: { readonly status: ProgressStatus };
  readonly stale: boolean;
}

export const standingOf = ({ progress }: Pick<State, 'progress'>): Standing => STANDINGS[progress.status];

export const WORDS: Readonly<Record<Standing, string>> = {
  locked: 'locked',
  open: 'open',
  progress: 'in progress',
  done: 'done',
};

/** "in progress, stale" */
export const described = (state: State): string =>
  WORDS[standingOf(state)] + (state.stale ? ', stale' : '');

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
