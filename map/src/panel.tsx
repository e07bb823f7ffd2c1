// One tool, opened beside the map: what it is for, where it stands, what it needs, what it leads to, its answers.
import { useEffect, useRef } from 'preact/hooks';
import { Answers, Questions } from './answers';
import type { Ask } from './ask';
import { LeadsTo, Needs, WhyLocked } from './connections';
import { MapDefinition, MapTool, type ToolDetailFragment } from './graph';
import { UNHEARD } from './hearing';
import { Icon } from './icons';
import type { Tool } from './layout';
import { useReading } from './reading';
import { Review } from './review';
import { described, standingOf } from './standing';
import { when } from './when';

interface Props {
  readonly tool: Tool;
  readonly tools: readonly Tool[];
  readonly ask: Ask;
  /** Whose work it is; null where nobody is signed in. */
  readonly person: string | null;
  readonly own: boolean;
  /** Counts what was heard of this person's work. */
  readonly beat: number;
  /** Another number for each sign-in. */
  readonly epoch: number;
  readonly choose: (slug: string) => void;
  readonly close: () => void;
  /** What is heard of while this is open. */
  readonly follow: (fieldIds: readonly string[]) => void;
}

export function Panel({ tool, tools, ask, person, own, beat, epoch, choose, close, follow }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const about = useReading(ask, MapDefinition, { slug: tool.slug });
  const work = useReading(ask, MapTool, person ? { person, slug: tool.slug } : null, epoch);
  const detail = work.data?.user?.tool ?? null;
  const definition = about.data?.tool;
  const nameOf = (slug: string) => tools.find((each) => each.slug === slug)?.name ?? slug;
  const dependents = tools.filter(({ prerequisites }) => prerequisites.some(({ slug }) => slug === tool.slug));

  useEffect(() => heading.current?.focus({ preventScroll: true }), [tool.slug]);
  useEffect(() => {
    if (beat) work.again();
  }, [beat]);
  useEffect(() => {
    if (!person) return;
    // Answers that no other tool reads are nothing that is heard of; whoever only watches them sees them this late.
    const timer = setInterval(() => document.visibilityState === 'visible' && work.again(), UNHEARD);
    return () => clearInterval(timer);
  }, [person, tool.slug]);
  const closing = useRef(close);
  closing.current = close;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) closing.current();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  const ids = detail && [...detail.fieldValues.map(({ id }) => id), ...detail.dependencies.map((need) => need.fieldId)];
  useEffect(() => follow(ids ?? []), [ids?.join()]);

  return (
    <aside id="panel" class="panel" aria-labelledby="panel-title">
      <header>
        <p class="module">{tool.module.name}</p>
        <h2 id="panel-title" tabIndex={-1} ref={heading}>{tool.name}</h2>
        <button type="button" class="close" aria-label={`Close ${tool.name}`} onClick={close}>×</button>
      </header>
      <p>{definition?.description}</p>
      {(work.problem ?? about.problem) && <p class="problem" role="alert">{work.problem ?? about.problem}</p>}
      {detail && <Where detail={detail} optional={definition?.isOptional ?? false} />}
      {detail && person && (
        <Review key={`${person} ${tool.slug}`} slug={tool.slug} {...{ detail, person, own, ask, choose }}
          confirmed={work.again} />
      )}
      {detail && <WhyLocked missing={detail.whyLocked} choose={choose} />}
      <Needs
        of={
          detail?.dependencies ??
          (definition?.needs ?? []).map(({ field, ...need }) => ({ ...need, fieldId: field.id, sourceTool: field.tool }))
        }
        choose={choose}
      />
      <LeadsTo
        tools={dependents.map(({ slug }) => ({ slug, name: nameOf(slug) }))}
        waiting={new Set(detail?.unlocks.map(({ slug }) => slug))}
        choose={choose}
      />
      {detail && person ? (
        <Answers key={`${person} ${tool.slug}`} slug={tool.slug} {...{ detail, person, own, beat, ask, choose }}
          saved={work.again} />
      ) : (
        !person && definition && <Questions of={definition.questions} />
      )}
      {person && !detail && !work.problem && <p class="none">Reading…</p>}
    </aside>
  );
}

function Where({ detail, optional }: { detail: ToolDetailFragment; optional: boolean }) {
  const { progress, submission } = detail;
  const standing = standingOf(detail);
  return (
    <div class="where">
      <p class={`state ${standing}`}>
        <Icon of={standing} /> <strong>{described(detail)}</strong>
        {standing === 'progress' && ` · ${progress.percentage} % of the required answers`}
        {optional && ' · optional, it holds up no other tool'}
      </p>
      {progress.lastAccessedAt && (
        <p class="muted">
          Last changed {when(progress.lastAccessedAt)}
          {submission && ` · version ${submission.version}`}
          {submission?.status === 'SUBMITTED' && ' · handed in, waits for a guru'}
          {submission?.status === 'COMPLETED' && ' · approved'}
        </p>
      )}
      {submission?.reviewComment && <blockquote>{submission.reviewComment}</blockquote>}
    </div>
  );
}
