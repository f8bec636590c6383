import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { foldName } from '../../../shared/facts/glob.ts';
import { NameTree } from '../../../shared/rules/name-tree.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'ß'), maxLength: 6 });
const kept = fc.tuple(word, fc.constantFrom('', '*')).map(parts => foldName(parts.join('')));

test('a name finds each of its beginnings once, the shortest first, then itself, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(kept, { maxLength: 40 }), word, (names, name) => {
      const tree = new NameTree<string>();
      const kept = names.map(one => tree.at(one, () => one));
      assert.deepEqual(kept, names);
      const found: string[] = [];
      tree.forEachOf(`aé${name}`, one => found.push(one), 2);
      const folded = foldName(name);
      const beginnings = names.filter(one => one.endsWith('*') && folded.startsWith(one.slice(0, -1)));
      const wanted = new Set(beginnings.sort((a, b) => a.length - b.length));
      if (names.includes(folded)) wanted.add(folded);
      assert.deepEqual(found, [...wanted]);
    }),
  );
});
