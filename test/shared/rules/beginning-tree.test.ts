import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BeginningTree } from '../../../shared/rules/beginning-tree.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

test('a name finds each of its beginnings once, the shortest first, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), word, (beginnings, name) => {
      const tree = new BeginningTree<string[]>();
      for (const one of beginnings) tree.at(one, () => [one]).push(one);
      const found: string[] = [];
      tree.forEachOf(name, ([one]) => found.push(one!));
      const wanted = new Set(beginnings.filter(one => name.startsWith(one)));
      assert.deepEqual(
        found,
        [...wanted].sort((a, b) => a.length - b.length),
      );
      assert.equal([...tree.values()].length, new Set(beginnings).size);
    }),
  );
});
