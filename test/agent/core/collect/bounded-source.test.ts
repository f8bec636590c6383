import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BoundedSource } from '../../../../agent/core/collect/bounded-source.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';

const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
const open = (budgetBytes: number) => {
  const { host } = foundOn({ C: diskOf({ 'file.bin': bytes }) });
  return { host, source: new BoundedSource(host.files, 'C:\\file.bin', bytes.length, budgetBytes) };
};

test('within its budget a file reads as itself, wherever it is looked at', () => {
  const { source } = open(Infinity);
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 110_000 }), fc.nat(50_000), (offset, length) => {
      const start = Math.min(Math.max(offset, 0), bytes.length);
      assert.deepEqual(source.read(offset, length), bytes.subarray(start, start + length));
    }),
  );
  assert.equal(source.stopped, undefined);
});

test('many small looks at one place cost one read', () => {
  const { host, source } = open(20_000);
  for (let at = 0; at < 16_000; at += 16) source.read(at, 16);
  assert.equal(host.calls.length, 1);
});

test('when its budget is spent, a file says so and holds nothing more', () => {
  const { host, source } = open(60_000);
  assert.equal(source.read(0, 50_000).length, 50_000);
  assert.equal(source.read(50_000, 50_000).length, 0);
  assert.equal(source.stopped, 'too-costly');
  assert.equal(source.read(0, 10).length, 0);
  assert.equal(host.calls.length, 1);
});
