import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { foldName } from '../../../shared/facts/glob.ts';
import { maxBeginning, NameLists } from '../../../shared/rules/name-lists.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'ß'), maxLength: 6 });
const long = word.map(one => one + 'a'.repeat(maxBeginning - 3));
const kept = fc.tuple(fc.oneof(word, long), fc.constantFrom('', '*')).map(parts => foldName(parts.join('')));

test('a name finds the lists of its beginnings and its own once, and nothing of other names or spaces', () => {
  fc.assert(
    fc.property(fc.array(kept, { maxLength: 40 }), fc.oneof(word, long), (names, name) => {
      const lists = new NameLists(100);
      const [space, other] = [lists.makeSpace(), lists.makeSpace()];
      const numbers = names.map(one => lists.at(space, one));
      const others = names.map(one => lists.at(other, one));
      lists.seal();
      assert.ok([...numbers, ...others].every(list => list >= 100 && list < lists.count));

      const found: number[] = [];
      lists.addOf(space, `aé${name}`, 2, found);
      const folded = foldName(name);
      const fits = (one: string) =>
        one.endsWith('*') ? folded.startsWith(one.slice(0, -1).slice(0, maxBeginning)) : one === folded;
      const wanted = new Set(numbers.filter((_, index) => fits(names[index]!)));
      assert.deepEqual(new Set(found), wanted);
      assert.equal(found.length, wanted.size);
    }),
  );
});
