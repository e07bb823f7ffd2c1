// One simple answer that can be typed, and what somebody else has made of it meanwhile.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionType } from './graph';
import { Value } from './values';

/** A text of this length is not put into a text box before somebody asks for it: some browsers stand still. */
const LONG = 20_000;

interface Props {
  readonly question: {
    readonly key: string;
    readonly label: string;
    readonly description: string;
    readonly type: QuestionType;
    readonly required: boolean;
  };
  readonly text: string;
  /** Whether the text differs from what was stored. */
  readonly typed: boolean;
  /** What is stored now, if it has changed since the typing began. */
  readonly theirs: { readonly value: unknown } | null;
  readonly problem: string | undefined;
  /** Null gives up what was typed. */
  readonly change: (text: string | null) => void;
  readonly children?: ComponentChildren;
}

export function Editor({ question, text, typed, theirs, problem, change, children }: Props) {
  const [opened, setOpened] = useState(false);
  const { key, label, description, type, required } = question;
  const id = `answer-${key}`;
  const number = type === 'NUMBER' || type === 'RATING';
  const given = {
    id,
    value: text,
    'aria-describedby': `${id}-about${problem ? ` ${id}-problem` : ''}`,
    'aria-invalid': problem ? true : undefined,
    onInput: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  } as const;
  return (
    <div class={typed ? 'answer typed' : 'answer'}>
      <label htmlFor={id}>
        {label} {required && <span class="muted">required</span>} {typed && <span class="muted">· not saved</span>}
      </label>
      <p class="muted" id={`${id}-about`}>
        {description}
        {type === 'LIST' && ' One entry a line.'}
      </p>
      {text.length > LONG && !opened && !typed ? (
        <p>
          A text of {text.length.toLocaleString('en')} characters.{' '}
          <button type="button" class="quiet" onClick={() => setOpened(true)}>
            Edit it
          </button>
        </p>
      ) : number ? (
        <input {...given} inputMode="decimal" autoComplete="off" />
      ) : (
        <textarea {...given} rows={type === 'LIST' ? 4 : 3} />
      )}
      {problem && <p class="refused" id={`${id}-problem`}>{problem}</p>}
      {theirs && (
        <div class="theirs" role="group" aria-label={`${label}: what is stored now`}>
          <p>Changed meanwhile. It says now:</p>
          <Value of={theirs.value} />
          <button type="button" class="quiet" onClick={() => change(null)}>
            Take this instead of mine
          </button>
        </div>
      )}
      {children}
    </div>
  );
}
