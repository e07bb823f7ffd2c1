// The answers to a tool; simple ones of one's own are edited here, one save for all that were changed.
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { draftOf, forget, moveOn, type } from './drafts';
import { Editor } from './editor';
import { editable, meant, same } from './forms';
import { MapSave, MapSubmit, type ToolDetailFragment } from './graph';
import { outcomeOf, type Outcome } from './outcome';
import { sentenceOf } from './problem';
import { Story } from './story';
import { Value } from './values';

interface Props {
  readonly slug: string;
  readonly detail: ToolDetailFragment;
  readonly person: string;
  readonly own: boolean;
  /** Counts what was heard of this person's work. */
  readonly beat: number;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
  readonly saved: () => void;
}

interface Mine {
  readonly version: number;
  /** By question key. */
  readonly data: ReadonlyMap<string, unknown>;
}

export function Answers({ slug, detail, person, own, beat, ask, choose, saved }: Props) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [saving, setSaving] = useState(false);
  /** Somebody has saved up to this version, which is not on the page yet. */
  const [awaited, waitFor] = useState(0);
  /** What has been saved from here, until it has been read again. */
  const [mine, keep] = useState<Mine>({ version: 0, data: new Map() });
  const draft = own ? draftOf(slug) : undefined;
  const open = own && detail.progress.isUnlocked;
  const read = detail.submission?.version ?? 0;
  const version = Math.max(read, mine.version);
  const responses = detail.responses.map(({ question, data }) =>
    mine.version > read && mine.data.has(question.key) ? { question, data: mine.data.get(question.key) } : { question, data },
  );
  const stored = new Map(responses.map(({ question, data }) => [question.key, { question, data }]));
  const writable = responses.some(({ question, data }) => editable(question.type, data) !== null);
  const unseen = awaited > read;
  const waits = open && !HANDED_IN.has(detail.submission?.status);

  useEffect(() => {
    if (!awaited || unseen) return;
    moveOn(slug, read, new Map()); // what they have saved stands below: the next save is in its knowledge
    waitFor(0);
  }, [awaited, read]);

  function change(key: string, text: string | null) {
    if (text === null) forget(slug, key);
    else type(slug, key, text, stored.get(key)!.data, version);
    if (outcome?.kind === 'saved') setOutcome(null);
    redraw(0);
  }

  /** Save what was typed, and with `handIn` complete the tool with it. */
  async function send(handIn: boolean) {
    if (saving || unseen || !(draft || handIn)) return;
    setSaving(true);
    const sent = [...(draft?.answers ?? [])].map(([key, { text }]) => [key, text] as const);
    const values = new Map(sent.map(([key, text]) => [key, meant(stored.get(key)!.question.type, text)]));
    const given = { tool: slug, data: Object.fromEntries(values), expectedVersion: draft?.version ?? version };
    try {
      const result = handIn ? (await ask(MapSubmit, given)).submitTool : (await ask(MapSave, given)).saveSubmission;
      if (result.__typename === 'SubmissionSaved' || result.__typename === 'SubmissionSubmitted') {
        const { version: now } = result.submission;
        keep((before) => ({ version: now, data: new Map([...(before.version > read ? before.data : []), ...values]) }));
        // What was typed while the answer was on its way stays a draft, of what has just been stored.
        for (const [key, text] of sent) if (draft?.answers.get(key)?.text === text) forget(slug, key);
        moveOn(slug, now, values);
      } else if (result.__typename === 'StaleVersion') {
        waitFor(result.currentVersion);
      }
      setOutcome(outcomeOf(result));
      saved();
    } catch (error) {
      setOutcome({ kind: 'refused', sentence: `Not saved. ${sentenceOf(error)}`, problems: new Map() });
    } finally {
      setSaving(false);
    }
  }

  function save(event: Event) {
    event.preventDefault();
    void send(false);
  }

  return (
    <form class="answers" onSubmit={save} noValidate>
      <h3>Answers</h3>
      {responses.map(({ question, data }) => {
        const text = open ? editable(question.type, data) : null;
        const typed = draft?.answers.get(question.key);
        const problem = outcome?.problems.get(question.key);
        const published = detail.fieldValues.find(({ id }) => id === question.publishes);
        const story = published && detail.submission && <Story value={published} {...{ person, beat, ask, choose }} />;
        return text === null && !typed ? (
          <div class="answer" key={question.key}>
            <h4>
              {question.label} {question.required && <span class="muted">required</span>}
            </h4>
            <Value of={data} />
            {open && <p class="muted">Has parts of its own: it is written on the tool’s page.</p>}
            {problem && <p class="refused">{problem}</p>}
            {story}
          </div>
        ) : (
          <Editor
            key={question.key}
            question={question}
            text={typed?.text ?? text ?? ''}
            typed={typed !== undefined}
            theirs={typed && !same(typed.was, data) ? { value: data } : null}
            problem={problem}
            change={(next) => change(question.key, next)}
          >
            {story}
          </Editor>
        );
      })}
      {(draft || waits || (open && writable)) && (
        <div class="saving">
          {(draft || (open && writable)) && (
            <button class="main" disabled={!draft || saving || unseen}>
              {saving ? 'Saving…' : 'Save'}
            </button>
          )}
          {waits && (
            <button type="button" class="quiet" disabled={saving || unseen} onClick={() => void send(true)}>
              {draft ? 'Save and hand in' : 'Hand in'}
            </button>
          )}
          <p class={outcome?.kind ?? ''} role="status">
            {outcome?.sentence}
          </p>
        </div>
      )}
    </form>
  );
}

const HANDED_IN: ReadonlySet<unknown> = new Set(['SUBMITTED', 'COMPLETED']);

interface Asked {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly required: boolean;
}

/** What is asked, where nobody is signed in who could answer. */
export function Questions({ of }: { of: readonly Asked[] }) {
  return (
    <section>
      <h3>What it asks</h3>
      <ul>
        {of.map(({ key, label, description, required }) => (
          <li key={key}>
            <strong>{label}</strong> {required && <span class="muted">required</span>}
            <br />
            <span class="muted">{description}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
