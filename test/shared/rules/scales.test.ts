import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { nowhere, Scales, type ScaledCondition } from '../../../shared/rules/scales.ts';

const part = fc.oneof(fc.nat(9), fc.constantFrom(32_767, 32_768, 65_535, 999_999_999), fc.nat(999_999_999));
const version = fc.array(part, { minLength: 1, maxLength: 4 });
const fact = 'driver.contoso.version';

const compare = (a: readonly number[], b: readonly number[]) =>
  [0, 1, 2, 3].map(at => (a[at] ?? 0) - (b[at] ?? 0)).find(difference => difference !== 0) ?? 0;

test('versions lie on a scale in the order of their numbers', () => {
  fc.assert(
    fc.property(version, version, version, (value, from, until) => {
      const range = { from: from.join('.'), until: until.join('.') };
      const condition: ScaledCondition = { kind: 'version', fact, range };
      const scales = new Scales([condition]);
      const [span] = scales.spansOf(condition)!;
      const place = scales.placeOf(span!.scale, viewFacts({ [fact]: value.join('.') }));
      const isInside = compare(value, from) >= 0 && compare(value, until) < 0;
      assert.equal(place >= span!.from && place < span!.until, isInside);
    }),
    { numRuns: 1000 },
  );
});

test('what cannot be compared is nowhere', () => {
  const condition: ScaledCondition = { kind: 'version', fact, range: { from: '1.0' } };
  const scales = new Scales([condition]);
  const [span] = scales.spansOf(condition)!;
  const others = ['', '.', '1.', '.1', '1..2', '1.2.3.4.5', '1234567890', '1.x', '-1', '1 ', '１', 7, true];
  for (const value of others)
    assert.equal(scales.placeOf(span!.scale, viewFacts({ [fact]: value })), nowhere, String(value));
  assert.equal(scales.placeOf(span!.scale, viewFacts({})), nowhere);
});

test('a range without ends asks nothing', () => {
  const condition: ScaledCondition = { kind: 'number', fact: 'os.build', range: {} };
  assert.equal(new Scales([condition]).spansOf(condition), undefined);
});
