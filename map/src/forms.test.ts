import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editable, meant } from './forms.ts';

test('a list is one entry a line, there and back', () => {
  const text = editable('LIST', ['Bread', ' rolls ', 'cake']);
  assert.equal(text, 'Bread\n rolls \ncake');
  assert.deepEqual(meant('LIST', `${text}\n\n  pie`), ['Bread', 'rolls', 'cake', 'pie']);
  assert.equal(meant('LIST', ' \n '), null);
});

test('what would not come back as it was is not edited here', () => {
  assert.equal(editable('LIST', ['two\nlines']), null);
  assert.equal(editable('LIST', [{ part: 1 }]), null);
  assert.equal(editable('TEXT', 5), null);
  assert.equal(editable('NUMBER', '5'), null);
  assert.equal(editable('COMPOUND', null), null);
});

test('a number is read as people write it, and left to the server where it may mean two things', () => {
  for (const [text, number] of [['1500', 1500], ['1,5', 1.5], ['-0,25', -0.25], ['1.5', 1.5], ['1e3', 1000]] as const) {
    assert.equal(meant('NUMBER', text), number);
  }
  for (const text of ['1,500', '1.500,25', 'many', '1,5,0']) assert.equal(meant('NUMBER', text), text);
});
