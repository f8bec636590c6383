import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { NameTree } from '../../../shared/rules/name-tree.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
const kept = fc.tuple(word, fc.constantFrom('', '*')).map(parts => parts.join(''));

test('a name finds each of its beginnings once, the shortest first, then itself, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(kept, { maxLength: 40 }), word, (names, name) => {
      const tree = new NameTree<string>();
      for (const one of names)
        assert.equal(
          tree.at(one, () => one),
          one,
        );
      const found: string[] = [];
      tree.forEachOf(name, one => found.push(one));
      const beginnings = names.filter(one => one.endsWith('*') && name.startsWith(one.slice(0, -1)));
      const wanted = new Set(beginnings.sort((a, b) => a.length - b.length));
      if (names.includes(name)) wanted.add(name);
      assert.deepEqual(found, [...wanted]);
    }),
  );
});
