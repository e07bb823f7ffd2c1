// The answers to a tool; simple ones of one's own are edited here, one save for all that were changed.
import { useReducer, useRef, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { draftOf, forget, type } from './drafts';
import { Editor } from './editor';
import { editable, meant, same } from './forms';
import { MapSave, type ToolDetailFragment } from './graph';
import { sentenceOf } from './problem';
import { Story } from './story';
import { Value } from './values';

interface Props {
  readonly slug: string;
  readonly detail: ToolDetailFragment;
  readonly person: string;
  readonly own: boolean;
  readonly ask: Ask;
  readonly choose: (slug: string) => void;
  readonly saved: () => void;
}

interface Outcome {
  readonly kind: 'saved' | 'refused';
  readonly sentence: string;
  /** What is wrong, by question key. */
  readonly problems: ReadonlyMap<string, string>;
}

export function Answers({ slug, detail, person, own, ask, choose, saved }: Props) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [saving, setSaving] = useState(false);
  const draft = draftOf(slug);
  const open = own && detail.progress.isUnlocked;
  const lastSaved = useRef(0);
  const version = Math.max(detail.submission?.version ?? 0, lastSaved.current);
  const stored = new Map(detail.responses.map(({ question, data }) => [question.key, { question, data }]));

  function change(key: string, text: string | null) {
    if (text === null) forget(slug, key);
    else type(slug, key, text, stored.get(key)!.data, version);
    redraw(0);
  }

  async function save(event: Event) {
    event.preventDefault();
    if (!draft || saving) return;
    setSaving(true);
    const sent = [...draft.answers].map(([key, { text }]) => [key, text] as const);
    const data = Object.fromEntries(sent.map(([key, text]) => [key, meant(stored.get(key)!.question.type, text)]));
    try {
      const { saveSubmission: result } = await ask(MapSave, { tool: slug, data, expectedVersion: draft.version });
      if (result.__typename === 'SubmissionSaved') {
        // What was typed while the answer was on its way stays a draft, of what has just been stored.
        for (const [key, text] of sent) if (draft.answers.get(key)?.text === text) forget(slug, key);
        draft.version = lastSaved.current = result.submission.version;
        setOutcome({ kind: 'saved', sentence: 'Saved.', problems: new Map() });
      } else if (result.__typename === 'StaleVersion') {
        draft.version = result.currentVersion;
        const sentence =
          'Somebody has saved this tool since you began. Nothing of yours is lost: compare below, then save again to put your words in place of theirs.';
        setOutcome({ kind: 'refused', sentence, problems: new Map() });
      } else {
        const problems = 'problems' in result ? result.problems : [];
        const keys = problems.map(({ path, message }) => [path.replace(/^data\./, ''), message] as const);
        setOutcome({ kind: 'refused', sentence: result.message, problems: new Map(keys) });
      }
      saved();
    } catch (error) {
      setOutcome({ kind: 'refused', sentence: `Not saved. ${sentenceOf(error)}`, problems: new Map() });
    } finally {
      setSaving(false);
    }
  }

  return (
    <form class="answers" onSubmit={save} noValidate>
      <h3>Answers</h3>
      {detail.responses.map(({ question, data }) => {
        const text = open ? editable(question.type, data) : null;
        const typed = draft?.answers.get(question.key);
        const problem = outcome?.problems.get(question.key);
        const published = detail.fieldValues.find(({ id }) => id === question.publishes);
        const story = published && <Story value={published} {...{ person, ask, choose }} />;
        return text === null && !typed ? (
          <div class="answer" key={question.key}>
            <h4>
              {question.label} {question.required && <span class="muted">required</span>}
            </h4>
            <Value of={data} />
            {open && <p class="muted">Has parts of its own: it is written on the tool’s page.</p>}
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
      {(draft || (open && detail.responses.some(({ question, data }) => editable(question.type, data) !== null))) && (
        <div class="saving">
          <button class="main" disabled={!draft || saving}>
            {saving ? 'Saving…' : 'Save'}
          </button>
          <p class={outcome?.kind ?? ''} role="status">
            {outcome?.sentence}
          </p>
        </div>
      )}
    </form>
  );
}

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
