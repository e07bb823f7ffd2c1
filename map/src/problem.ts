// What went wrong, as a sentence that somebody can act on.

export class Problem extends Error {}

/** A request got no answer. */
export class Unreachable extends Problem {}

/** For a request that got no answer. */
export function unreachable(): never {
  throw new Unreachable('The server cannot be reached. Check your connection.');
}

export const sentenceOf = (error: unknown): string =>
  error instanceof Problem ? error.message : 'Something in this page went wrong. Reload it, and tell us if it stays.';
