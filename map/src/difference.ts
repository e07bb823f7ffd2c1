// What is different between two values, as pieces of readable text; nothing where that would take too long.
import { diffLines, diffWordsWithSpace } from 'diff';

export interface Piece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Characters of both texts together: up to here word by word, up to there line by line, then not at all. */
export const WORD_BY_WORD = 20_000;
export const LINE_BY_LINE = 200_000;
const PATIENCE = { timeout: 300, maxEditLength: 4_000 };
/** What is the same for longer than this is shown by its ends. */
const LONG_SAME = 240;

/** Null for values that are too long, or too different, to be compared in a blink. */
export function differenceOf(before: unknown, after: unknown): Piece[] | null {
  const [old, now] = [textOf(before), textOf(after)];
  const size = old.length + now.length;
  if (size > LINE_BY_LINE) return null;
  const found = size > WORD_BY_WORD ? diffLines(old, now, PATIENCE) : diffWordsWithSpace(old, now, PATIENCE);
  return found?.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: added || removed || value.length <= LONG_SAME ? value : endsOf(value),
  })) ?? null;
}

/** The first words and the last ones. */
const endsOf = (text: string) => `${text.slice(0, 100).replace(/\S*$/, '')}[…]${text.slice(-100).replace(/^\S*/, '')}`;

/** Any value as lines: text as it is, an entry of a list or object on a line of its own. */
export function textOf(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const entries = Array.isArray(value) ? value.map((each) => ['–', each]) : Object.entries(value).map(([key, each]) => [`${key}:`, each]);
  return entries
    .map(([name, each]) => {
      const nested = typeof each === 'object' && each !== null;
      return `${indent}${name}${nested ? '\n' : ' '}${textOf(each, nested ? `${indent}  ` : '')}`;
    })
    .join('\n');
}
