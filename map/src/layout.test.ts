import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf, type Tool } from './layout.ts';
import { steered, steeredInList } from './steering.ts';

const tool = (slug: string, module: number, ...needs: string[]): Tool => ({
  slug,
  name: slug,
  module: { number: module, name: `Module ${module}` },
  prerequisites: needs.map((each) => ({ slug: each })),
});

/** A catalogue of any size, in which each tool needs some of those before it. */
function generated(size: number): Tool[] {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: size }, (_, number) => {
    const needs = Array.from({ length: number && Math.ceil(random() * 4) }, () => Math.floor(random() * number));
    return tool(`t${number}`, Math.floor((number / size) * 12), ...needs.map((each) => `t${each}`));
  });
}

test('rows follow the longest way, lanes the modules', () => {
  const { places, lanes } = layoutOf([tool('c', 2, 'a', 'b'), tool('b', 2, 'a'), tool('a', 1)]);
  assert.deepEqual(places.get('a'), { slug: 'a', lane: 0, row: 0 });
  assert.deepEqual(places.get('b'), { slug: 'b', lane: 1, row: 1 });
  assert.deepEqual(places.get('c'), { slug: 'c', lane: 1, row: 2 });
  assert.deepEqual(lanes.map(({ name, tools }) => [name, tools.map(({ slug }) => slug)]), [
    ['Module 1', ['a']],
    ['Module 2', ['b', 'c']],
  ]);
});

test('sixty tools: nobody on top of another, every arrow down', () => {
  const tools = generated(60);
  const { places, arrows, lanes, rows } = layoutOf(tools);
  assert.equal(places.size, 60);
  assert.equal(new Set([...places.values()].map(({ lane, row }) => `${lane} ${row}`)).size, 60);
  for (const { from, to } of arrows) assert.ok(places.get(from)!.row < places.get(to)!.row);
  assert.equal(lanes.flatMap((lane) => lane.tools).length, 60);
  assert.equal(Math.max(...[...places.values()].map(({ row }) => row)), rows - 1);
  assert.deepEqual(layoutOf(tools), layoutOf(tools));
});

test('two of one cell stand as their neighbours do', () => {
  const order = (x: string, y: string) => {
    const tools = [tool('l', 1), tool('r', 3), tool('x', 2, x), tool('y', 2, y)];
    return layoutOf(tools).lanes[1]!.tools.map(({ slug }) => slug);
  };
  assert.deepEqual(order('l', 'r'), ['x', 'y']);
  assert.deepEqual(order('r', 'l'), ['y', 'x']);
});

test('no catalogue, a circle, an unknown prerequisite: a map all the same', () => {
  assert.deepEqual(layoutOf([]), { lanes: [], places: new Map(), arrows: [], rows: 0 });
  const { arrows, places } = layoutOf([tool('a', 0, 'b', 'ghost'), tool('b', 0, 'a')]);
  assert.equal(arrows.length, 1);
  assert.equal(places.size, 2);
});

test('arrow keys lead to the nearest tool that way, and stay where there is none', () => {
  const layout = layoutOf([tool('a', 1), tool('b', 2, 'a'), tool('c', 2, 'b'), tool('d', 1, 'c')]);
  assert.equal(steered(layout, 'a', 'ArrowRight'), 'b');
  assert.equal(steered(layout, 'b', 'ArrowDown'), 'c');
  assert.equal(steered(layout, 'c', 'ArrowLeft'), 'd');
  assert.equal(steered(layout, 'a', 'ArrowUp'), 'a');
  assert.equal(steered(layout, 'b', 'End'), 'c');
  assert.equal(steered(layout, 'a', 'x'), null);
});

test('every tool of sixty can be reached by keys', () => {
  const layout = layoutOf(generated(60));
  const reached = new Set(['t0']);
  for (const slug of reached) {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) reached.add(steered(layout, slug, key)!);
  }
  assert.equal(reached.size, 60);
  assert.equal(steeredInList(layout, 't0', 'ArrowDown'), layout.lanes[0]!.tools[1]!.slug);
});
