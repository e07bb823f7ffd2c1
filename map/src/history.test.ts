import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf, textOf } from './difference.ts';
import { runsOf } from './runs.ts';

test('words of a text, entries of a list', () => {
  assert.deepEqual(differenceOf('Bread for all', 'Bread for most'), [
    { kind: 'same', text: 'Bread for ' },
    { kind: 'removed', text: 'all' },
    { kind: 'added', text: 'most' },
  ]);
  assert.equal(textOf({ name: 'Rye', days: [1, 2] }), 'name: Rye\ndays:\n  – 1\n  – 2');
  assert.deepEqual(differenceOf(null, 'x'), [{ kind: 'added', text: 'x' }]);
});

test('what is the same for long is shown by its ends', () => {
  const [same] = differenceOf(`${'a '.repeat(500)}x`, `${'a '.repeat(500)}y`)!;
  assert.ok(same!.text.length < 250);
  assert.ok(same!.text.includes('[…]'));
});

test('a megabyte is not compared, and what has nothing in common is given up in time', () => {
  assert.equal(differenceOf('a'.repeat(1_000_000), 'b'.repeat(1_000_000)), null);
  const noise = (seed: number) => Array.from({ length: 30_000 }, () => (seed = (seed * 48271) % 2147483647) % 97).join('\n');
  const began = performance.now();
  differenceOf(noise(3), noise(5));
  assert.ok(performance.now() - began < 2_000);
});

test('a run ends with a pause, with another author, with a program', () => {
  const version = (number: number, minute: number, fullName: string, authorKind = 'HUMAN') => ({
    version: number,
    at: new Date(minute * 60_000).toISOString(),
    author: { fullName },
    authorKind,
  });
  const runs = runsOf([
    version(6, 50, 'Ana'),
    version(5, 45, 'Ana'),
    version(4, 20, 'Ana'),
    version(3, 19, 'Ana', 'AUTOMATION'),
    version(2, 18, 'Rui'),
    version(1, 9, 'Rui'),
  ]);
  assert.deepEqual(runs.map((run) => run.map((each) => each.version)), [[6, 5], [4], [3], [2, 1]]);
  assert.deepEqual(runsOf([]), []);
});
