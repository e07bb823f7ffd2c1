// Which tool an arrow key leads to.
import type { Layout, Place, Tool } from './layout.ts';

type Direction = readonly [across: number, down: number];

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What lies aside counts more than what lies ahead, so that a key leads straight on where it can. */
const ASIDE = 3;

/** The slug of the tool to go to; the same one where there is none that way, null for another key. */
export function steered<T extends Tool>(layout: Layout<T>, from: string, key: string): string | null {
  const inOrder = layout.lanes.flatMap(({ tools }) => tools.map(({ slug }) => slug));
  if (key === 'Home') return inOrder[0] ?? from;
  if (key === 'End') return inOrder.at(-1) ?? from;
  const direction = DIRECTIONS[key];
  const start = layout.places.get(from);
  if (!direction || !start) return null;
  let nearest = from;
  let least = Infinity;
  for (const place of layout.places.values()) {
    const distance = distanceTo(place, start, direction);
    if (distance < least) [nearest, least] = [place.slug, distance];
  }
  return nearest;
}

/** The same where lanes stand below each other, as on a phone: up and down go through all of them. */
export function steeredInList<T extends Tool>(layout: Layout<T>, from: string, key: string): string | null {
  const inOrder = layout.lanes.flatMap(({ tools }) => tools.map(({ slug }) => slug));
  if (key === 'Home') return inOrder[0] ?? from;
  if (key === 'End') return inOrder.at(-1) ?? from;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  return step ? (inOrder[inOrder.indexOf(from) + step] ?? from) : null;
}

function distanceTo(place: Place, start: Place, [across, down]: Direction): number {
  const lanes = place.lane - start.lane;
  const rows = place.row - start.row;
  const ahead = across * lanes + down * rows;
  return ahead > 0 ? ahead + ASIDE * Math.abs(across ? rows : lanes) : Infinity;
}
