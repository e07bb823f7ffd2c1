// What is needed by what, drawn behind the cards: faint, and strong for the chosen tool, up and down in two ways.
import type { Arrow, Layout, Place, Tool } from './layout';
import type { Measures } from './measures';

interface Props {
  readonly layout: Layout<Tool>;
  readonly chosen: string | null;
  readonly measures: Measures;
  readonly size: { readonly width: number; readonly height: number };
}

export function Arrows({ layout, chosen, measures, size }: Props) {
  const way = ({ from, to }: Arrow) => (to === chosen ? 'before' : from === chosen ? 'after' : 'rest');
  const strongLast = [...layout.arrows].sort((one, other) => Number(way(other) === 'rest') - Number(way(one) === 'rest'));
  return (
    <svg class={chosen ? 'arrows focused' : 'arrows'} {...size} aria-hidden="true">
      <defs>
        {['rest', 'before', 'after'].map((kind) => (
          <marker key={kind} id={`head-${kind}`} class={kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
            markerHeight="7" orient="auto" markerUnits="userSpaceOnUse">
            <path d="M0 0.5 8 4 0 7.5z" />
          </marker>
        ))}
      </defs>
      {strongLast.map((arrow) => {
        const kind = way(arrow);
        const [from, to] = [layout.places.get(arrow.from)!, layout.places.get(arrow.to)!];
        return (
          <path key={`${arrow.from} ${arrow.to}`} class={kind} d={pathOf(from, to, measures)}
            marker-end={`url(#head-${kind})`} />
        );
      })}
    </svg>
  );
}

/** Down from card to card; within a lane, past the cards between, through the gap on their right. */
function pathOf(from: Place, to: Place, { pitch, card, height, step }: Measures): string {
  const edge = (pitch - card) / 2;
  const [left, top] = [from.lane * pitch + edge, from.row * step];
  const [right, bottom] = [to.lane * pitch + edge, to.row * step];
  if (from.lane === to.lane && to.row > from.row + 1) {
    const side = left + card;
    const [start, end] = [top + height * 0.7, bottom + height * 0.3];
    const bow = Math.min(2 * edge, 8 + 2 * (to.row - from.row));
    return `M${side} ${start}C${side + bow} ${start + 16} ${side + bow} ${end - 16} ${side} ${end}`;
  }
  const [x, y] = [left + card / 2, top + height];
  const [toX, toY] = [right + card / 2, bottom];
  const bend = Math.max(22, (toY - y) * 0.45);
  return `M${x} ${y}C${x} ${y + bend} ${toX} ${toY - bend} ${toX} ${toY}`;
}
