// The map: a lane for each module, a button for each tool, arrows behind them.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Arrows } from './arrows';
import type { ToolStateFragment } from './graph';
import { Icon } from './icons';
import type { Layout, Tool } from './layout';
import { described, standingOf, WORDS } from './standing';
import { steered, steeredInList } from './steering';
import { useMeasures } from './measures';

interface Props {
  readonly layout: Layout<Tool>;
  /** How the person stands with each tool; empty where nobody is signed in. */
  readonly states: ReadonlyMap<string, ToolStateFragment>;
  readonly chosen: string | null;
  /** Tools that have just changed. */
  readonly changed: ReadonlySet<string>;
  readonly choose: (slug: string) => void;
}

export function ToolMap({ layout, states, chosen, changed, choose }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const { pitch, card, height, step, list } = useMeasures(frame, layout.lanes.length);
  const [stop, setStop] = useState(chosen);
  const first = layout.lanes[0]?.tools[0]?.slug ?? null;
  const tabStop = stop !== null && layout.places.has(stop) ? stop : first;
  const near = useMemo(() => neighbours(layout, chosen), [layout, chosen]);

  useEffect(() => {
    if (!chosen) return;
    setStop(chosen);
    document.getElementById(idOf(chosen))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen, pitch]);

  function move(event: KeyboardEvent, slug: string) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = (list ? steeredInList : steered)(layout, slug, event.key);
    if (to === null) return;
    event.preventDefault();
    setStop(to);
    document.getElementById(idOf(to))?.focus();
  }

  const size = { width: layout.lanes.length * pitch, height: layout.rows * step };
  return (
    <div class="frame" ref={frame}>
      <div class="lanes" style={list ? {} : { width: `${size.width}px` }}>
        {!list && (
          <Arrows layout={layout} chosen={chosen} measures={{ pitch, card, height, step }} size={size} />
        )}
        {layout.lanes.map(({ number, name, tools }) => (
          <section key={number} class="lane" aria-labelledby={`lane-${number}`}>
            <h2 id={`lane-${number}`} style={list ? {} : { top: `${layout.places.get(tools[0]!.slug)!.row * step}px` }}>
              <span>
                <span class="number">{number}</span> {name}
              </span>
            </h2>
            <ul style={list ? {} : { height: `${size.height}px` }}>
              {tools.map((tool) => {
                const { slug } = tool;
                const state = states.get(slug);
                const standing = state && standingOf(state);
                const classes = ['tool', standing ?? 'unknown', state?.stale && 'stale', near.get(slug)];
                if (changed.has(slug)) classes.push('changed');
                const top = layout.places.get(slug)!.row * step;
                return (
                  <li key={slug} style={list ? {} : { top: `${top}px`, height: `${height}px` }}>
                    <button
                      type="button"
                      id={idOf(slug)}
                      class={classes.filter(Boolean).join(' ')}
                      aria-label={state ? `${tool.name}, ${described(state)}` : tool.name}
                      aria-expanded={slug === chosen}
                      aria-controls={slug === chosen ? 'panel' : undefined}
                      tabIndex={slug === tabStop ? 0 : -1}
                      onClick={() => choose(slug)}
                      onFocus={() => setStop(slug)}
                      onKeyDown={(event) => move(event, slug)}
                    >
                      <span class="name">{tool.name}</span>
                      {standing && (
                        <span class="state">
                          <Icon of={standing} /> {WORDS[standing]}
                          {state.stale && (
                            <span class="mark">
                              <Icon of="stale" /> stale
                            </span>
                          )}
                        </span>
                      )}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

export const idOf = (slug: string) => `tool-${slug}`;

/** Beside the chosen tool: `before` what it needs, `after` what builds on it; all others are `apart`. */
function neighbours(layout: Layout<Tool>, chosen: string | null): Map<string, string> {
  const found = new Map<string, string>();
  if (!chosen || !layout.places.has(chosen)) return found;
  for (const slug of layout.places.keys()) found.set(slug, 'apart');
  found.set(chosen, 'chosen');
  for (const { from, to } of layout.arrows) {
    if (to === chosen) found.set(from, 'before');
    if (from === chosen) found.set(to, 'after');
  }
  return found;
}
