// An organisation for those who look after it: who stands where, who is stuck, whose work is stale.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Ask } from './ask';
import { MapMember, MapMembers, type StandingFragment } from './graph';
import { useWork, type Hearing } from './hearing';
import { Icon } from './icons';
import type { Tool } from './layout';
import { sentenceOf } from './problem';
import { addressOf } from './route';
import { described, standingOf, WORDS, type Standing } from './standing';
import { STUCK_DAYS, stuckOn } from './stuck';

const PAGE = 25;
/** So many are read by themselves: who is stuck is counted among all of them. */
const MOST = 500;
const RETRY = 5_000;
const STANDINGS = Object.keys(WORDS) as Standing[];

interface Props {
  readonly organization: string;
  readonly tools: readonly Tool[];
  readonly ask: Ask;
  readonly hearing: Hearing;
}

export function Organization({ organization, tools, ask, hearing }: Props) {
  const [people, setPeople] = useState<ReadonlyMap<string, StandingFragment>>(new Map());
  const [name, setName] = useState('');
  const [total, setTotal] = useState(0);
  const [more, setMore] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [only, setOnly] = useState<'all' | 'stuck' | 'stale'>('all');
  const shown = useRef(people);
  shown.current = people;

  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);
  /** Once more after a while, if this is still looked at. */
  function later(again: () => Promise<unknown>) {
    setTimeout(() => gone.current || void again(), RETRY);
  }

  /** Reads are numbered: what an older one says of somebody does not take the place of what a newer one has said. */
  const reads = useRef(0);
  const newest = useRef(new Map<string, number>());

  /** Everybody after a cursor, a page at a time, up to as many as a table can hold. */
  async function read(from: string | null) {
    const found = new Map(from ? shown.current : []);
    const most = found.size + MOST;
    const first = shown.current.size === 0;
    let after = from;
    try {
      do {
        const number = ++reads.current;
        const { organization: there } = await ask(MapMembers, { organization, first: PAGE, after });
        if (!there) return setProblem('There is no such organisation that you look after.');
        const { edges, pageInfo, totalCount } = there.members;
        for (const { node } of edges) {
          const later = (newest.current.get(node.databaseId) ?? 0) > number;
          found.set(node.databaseId, (later && shown.current.get(node.databaseId)) || node);
        }
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        setName(there.name);
        setTotal(totalCount);
        if (first || from) setPeople(new Map(found));
      } while (after && found.size < most && !gone.current);
      setPeople(found);
      setMore(after);
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
      if (from === null) later(() => read(null));
    }
  }
  useEffect(() => void read(null), [organization]);

  const waiting = useRef(new Set<string>());
  async function heard(person: string | null) {
    if (person === null) return read(null);
    if (!shown.current.has(person) || waiting.current.has(person)) return;
    waiting.current.add(person); // what else is heard of them is in the same read
    await new Promise((done) => setTimeout(done, 200));
    waiting.current.delete(person);
    const number = ++reads.current;
    newest.current.set(person, number);
    try {
      const { user } = await ask(MapMember, { id: person });
      if (user && newest.current.get(person) === number) setPeople((before) => new Map([...before, [person, user]]));
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
      later(() => heard(person));
    }
  }
  useWork(hearing, { organizationId: organization }, (person) => void heard(person));

  const everybody = [...people.values()];
  const stuck = new Set(everybody.filter((person) => stuckOn(person.tools).length));
  const stale = new Set(everybody.filter(({ tools: all }) => all.some((state) => state.stale)));
  const listed = { all: everybody, stuck: [...stuck], stale: [...stale] }[only];
  const number = everybody.length < total ? `${everybody.length} of ${total}` : `${total}`;
  const views = [
    ['all', `All people (${number})`],
    ['stuck', `Nothing done for ${STUCK_DAYS} days (${stuck.size})`],
    ['stale', `With stale work (${stale.size})`],
  ] as const;

  return (
    <section aria-labelledby="organization">
      <h2 id="organization">{name}</h2>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="views" role="group" aria-label="Which people">
        {views.map(([view, label]) => (
          <button key={view} type="button" class="quiet" aria-pressed={only === view} onClick={() => setOnly(view)}>
            {label}
          </button>
        ))}
      </div>
      <p class="legend">
        {STANDINGS.map((standing) => (
          <span key={standing}>
            <Icon of={standing} /> {WORDS[standing]}
          </span>
        ))}
        <span>
          <Icon of="stale" /> stale
        </span>
      </p>
      {people.size === 0 && name && <p class="none">Nobody takes part yet.</p>}
      <div class="people" tabIndex={0} role="region" aria-label={`How the people of ${name} stand with each tool`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Stuck on</th>
              {tools.map(({ slug, name: tool }) => (
                <th key={slug} scope="col" class="slanted">
                  <span>{tool}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.map((person) => (
              <Row key={person.databaseId} person={person} tools={tools} />
            ))}
          </tbody>
        </table>
      </div>
      {more && (
        <button type="button" class="quiet" onClick={() => void read(more)}>
          More people
        </button>
      )}
    </section>
  );
}

function Row({ person, tools }: { person: StandingFragment; tools: readonly Tool[] }) {
  const states = new Map(person.tools.map((state) => [state.slug, state]));
  const nameOf = new Map(tools.map(({ slug, name }) => [slug, name]));
  const done = person.tools.filter((state) => standingOf(state) === 'done').length;
  return (
    <tr>
      <th scope="row">
        <a href={addressOf({ person: person.databaseId })}>{person.fullName}</a>
        <span class="muted"> {done} of {person.tools.length} done</span>
      </th>
      <td class="stuck">{stuckOn(person.tools).map(({ slug }) => nameOf.get(slug)).join(', ') || '–'}</td>
      {tools.map(({ slug }) => {
        const state = states.get(slug);
        if (!state) return <td key={slug} />;
        const standing = standingOf(state);
        return (
          <td key={slug} class={`cell ${standing}`} title={`${nameOf.get(slug)}: ${described(state)}`}>
            <Icon of={standing} />
            {state.stale && <Icon of="stale" />}
            <span class="hidden">{described(state)}</span>
          </td>
        );
      })}
    </tr>
  );
}
