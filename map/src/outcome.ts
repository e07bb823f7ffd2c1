// What became of a save or of handing in, as a person is told it.
import type { MapSaveMutation, MapSubmitMutation } from './graph';

export interface Outcome {
  readonly kind: 'saved' | 'refused';
  readonly sentence: string;
  /** What is wrong, by question key. */
  readonly problems: ReadonlyMap<string, string>;
}

type Result = MapSaveMutation['saveSubmission'] | MapSubmitMutation['submitTool'];

const STALE =
  'Somebody has saved this tool since you began. Nothing of yours is lost: compare below, then save again to put your words in place of theirs.';

export function outcomeOf(result: Result): Outcome {
  const none = new Map<string, string>();
  switch (result.__typename) {
    case 'SubmissionSaved':
      return { kind: 'saved', sentence: 'Saved.', problems: none };
    case 'SubmissionSubmitted': {
      const opened = result.unlocked.map(({ name }) => name).join(', ');
      return { kind: 'saved', sentence: `Handed in.${opened && ` Open now: ${opened}.`}`, problems: none };
    }
    case 'StaleVersion':
      return { kind: 'refused', sentence: STALE, problems: none };
    default: {
      const problems = 'problems' in result ? result.problems : [];
      const keys = problems.map(({ path, message }) => [path.replace(/^data\./, ''), message] as const);
      return { kind: 'refused', sentence: result.message, problems: new Map(keys) };
    }
  }
}
