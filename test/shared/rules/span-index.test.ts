import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Span } from '../../../shared/rules/scales.ts';
import { OverlapCounter, SpanIndex } from '../../../shared/rules/span-index.ts';

const counts = [1, 7, 16, 17, 64, 300];
const span: fc.Arbitrary<Span> = fc
  .nat(counts.length - 1)
  .chain(scale =>
    fc
      .tuple(fc.nat(counts[scale]!), fc.nat(counts[scale]!))
      .map(([from, until]): Span => ({ scale, from, until })),
  );

test('a place finds each list of the spans around it, once of each span, and none of the others', () => {
  const index = new SpanIndex(counts);
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), spans => {
      const lists = spans.map(one => index.listsOf(one));
      for (const [scale, count] of counts.entries())
        for (let place = 0; place < count; place++) {
          const around: number[] = [];
          index.addAround(scale, place, around);
          assert.ok(around.every(list => list < index.count));
          for (const [position, one] of spans.entries()) {
            const isAround = one.scale === scale && one.from <= place && place < one.until;
            const found = around.filter(list => lists[position]!.includes(list));
            assert.equal(found.length, isAround ? 1 : 0);
          }
        }
    }),
    { numRuns: 200 },
  );
});

test('a look at any of a thousand places takes four lists, and a span of all of them is one', () => {
  const index = new SpanIndex([1000]);
  const around: number[] = [];
  index.addAround(0, 999, around);
  assert.equal(around.length, 4);
  assert.equal(index.listsOf({ scale: 0, from: 0, until: 1000 }).length, 1);
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
