import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { Scales, type Span } from '../../../shared/rules/scales.ts';
import { OverlapCounter, SpanIndex } from '../../../shared/rules/span-index.ts';
import type { Sign } from '../../../shared/rules/wake-index.ts';
import { WokenRules } from '../../../shared/rules/woken-rules.ts';

const counts = [1, 7, 64];
const span: fc.Arbitrary<Span> = fc
  .nat(counts.length - 1)
  .chain(scale =>
    fc
      .tuple(fc.nat(counts[scale]!), fc.nat(counts[scale]!))
      .map(([from, until]): Span => ({ scale, from, until })),
  );

test('the index finds the spans around every place, and no others', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), spans => {
      const signs = spans.map((one, position): Sign => ({
        position,
        keys: [{ on: 'span', span: one }],
        second: 'nothing',
      }));
      const index = new SpanIndex(counts, signs);
      for (const [scale, count] of counts.entries())
        for (let place = 0; place < count; place++) {
          const woken = new WokenRules(new Scales([]), viewFacts({}));
          index.addAround(scale, place, woken);
          const around = spans.flatMap((one, position) =>
            one.scale === scale && one.from <= place && place < one.until ? position : [],
          );
          assert.deepEqual(
            woken.mayMatch.toSorted((a, b) => a - b),
            around,
          );
          assert.deepEqual(woken.pointedAt, woken.mayMatch);
        }
    }),
    { numRuns: 200 },
  );
});

test('spans that meet another are counted', () => {
  const isSpan = ({ from, until }: Span) => from < until;
  const inOne = span.map(one => ({ ...one, scale: 0 })).filter(isSpan);
  fc.assert(
    fc.property(fc.array(inOne, { maxLength: 30 }), inOne, (spans, other) => {
      const meeting = spans.filter(one => one.from < other.until && other.from < one.until);
      assert.equal(new OverlapCounter(spans).count(other), meeting.length);
    }),
    { numRuns: 200 },
  );
});
