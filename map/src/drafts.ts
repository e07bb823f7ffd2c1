// What somebody has typed and not saved yet, for each tool; it outlives the panel, a refusal and the end of a session.

export interface Draft {
  /** The version of the answers that it was begun on. */
  version: number;
  /** By question key: what is typed, and what was stored when they began. */
  readonly answers: Map<string, { text: string; was: unknown }>;
}

const drafts = new Map<string, Draft>();

export const draftOf = (slug: string): Draft | undefined => drafts.get(slug);

export function type(slug: string, key: string, text: string, stored: unknown, version: number): void {
  const draft = drafts.get(slug) ?? { version, answers: new Map() };
  drafts.set(slug, draft);
  const begun = draft.answers.get(key);
  draft.answers.set(key, { text, was: begun ? begun.was : stored });
}

/** What was stored has changed by one's own doing: the rest of the draft goes on from there. */
export function moveOn(slug: string, version: number, stored: ReadonlyMap<string, unknown>): void {
  const draft = drafts.get(slug);
  if (!draft) return;
  draft.version = version;
  for (const [key, was] of stored) {
    const begun = draft.answers.get(key);
    if (begun) draft.answers.set(key, { text: begun.text, was });
  }
}

export function forget(slug: string, key?: string): void {
  const draft = drafts.get(slug);
  if (key !== undefined) draft?.answers.delete(key);
  if (key === undefined || !draft?.answers.size) drafts.delete(slug);
}

let owner: string | null = null;

/** Who has signed in: their own drafts are kept, another's are not shown to them. */
export function belongTo(person: string): void {
  if (person !== owner) drafts.clear();
  owner = person;
}

addEventListener('beforeunload', (event) => {
  if (drafts.size) event.preventDefault();
});
