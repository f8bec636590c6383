import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64Of, bytesOfBase64 } from '../../../shared/bytes/base64.ts';
import { canonicalJson } from '../../../shared/trust/canonical-json.ts';

test('canonical JSON does not depend on the order of members and reads back as it was', () => {
  const value = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.array(fc.string())),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(value, one => {
      const reversed = Object.fromEntries(Object.entries(one).reverse());
      assert.equal(canonicalJson(reversed), canonicalJson(one));
      const normal = (what: object) =>
        JSON.stringify(Object.entries(what).sort(([a], [b]) => (a < b ? -1 : 1)));
      assert.equal(normal(JSON.parse(canonicalJson(one)) as object), normal(one));
    }),
  );
});

test('canonical JSON refuses numbers that readers print differently', () => {
  assert.throws(() => canonicalJson({ n: 1e21 }), TypeError);
  assert.throws(() => canonicalJson(0.1), TypeError);
});

test('base64 agrees with Node and refuses what is not canonical', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const text = Buffer.from(bytes).toString('base64');
      assert.equal(base64Of(bytes), text);
      assert.deepEqual(bytesOfBase64(text), bytes);
    }),
  );
  for (const bad of ['A', 'AB==', 'A===', 'AA=A', 'AA-_', ' AA=', 'AAE=\n'])
    assert.equal(bytesOfBase64(bad), undefined, bad);
});
