import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { dword, key } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive, buildTornHive } from '../../../agent/lab/registry/log-builder.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { decodeNumber } from '../../../shared/registry/value-type.ts';

const states = [1, 2, 3, 4].map(state =>
  buildHive({
    root: key('ROOT', [dword('State', state)], [key('A', [dword('Also', state)])]),
    writtenAt: `2024-01-0${state}T00:00:00Z`,
  }),
);

/** Where entries of a new log begin, and its end. */
function entriesOf(log: Uint8Array): number[] {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const places = [512];
  for (let at = 512; at + 8 <= log.length && view.getUint32(at, true) === 0x454c7648;) {
    at += view.getUint32(at + 4, true);
    places.push(at);
  }
  return places;
}

function recoverCut(hive: Uint8Array, log1: Uint8Array, log2: Uint8Array) {
  const recovered = recoverHive(memorySource(hive), { LOG1: memorySource(log1), LOG2: memorySource(log2) });
  assert.ok(recovered.ok);
  const { state, problems } = recovered;
  const isRead = state === 'clean' || state === 'recovered';
  const values = isRead
    ? [...recovered.hive.walk()].flatMap(({ key: node }) =>
        recovered.hive
          .values(node)
          .map(value => Number(decodeNumber(value.type, recovered.hive.dataOf(value, 8)))),
      )
    : [];
  return { state, values, codes: [...problems, ...checkHive(recovered.hive).problems].map(one => one.code) };
}

test('a new log that was cut off anywhere gives one whole state of the hive, or none, and says so', () => {
  const { hive, log1, log2 } = buildDirtyHive(states);
  const borders = entriesOf(log1);
  const lengths = new Set(borders.flatMap(at => [at - 1, at, at + 1]));
  for (let at = 0; at <= log1.length; at += 512) for (const near of [-1, 0, 1]) lengths.add(at + near);
  const whole = recoverCut(hive, log1, log2);
  assert.deepEqual([whole.state, whole.values, whole.codes], ['recovered', [4, 4], []]);
  const seen = new Set<number>();
  for (const length of lengths) {
    if (length < 0 || length >= borders.at(-1)!) continue;
    const { state, values, codes } = recoverCut(hive, log1.subarray(0, length), log2);
    // A log that ends between two entries, or before the signature of the next, may never have been longer.
    if (!borders.some(border => length >= border && length < border + 4))
      assert.ok(codes.length > 0 || (state !== 'recovered' && state !== 'clean'), `${state} at ${length}`);
    assert.ok(new Set(values).size <= 1, `a mix of states at ${length}: ${values.join()}`);
    for (const value of values) seen.add(value);
  }
  assert.ok(seen.size >= 2, 'cuts leave older states');
});

test('an old log that was cut off anywhere never gives a mix of states', () => {
  const { hive, log1, log2 } = buildTornHive(states[0]!, states[1]!, 1);
  for (let length = 0; length < log1.length; length += 61) {
    const { state, values, codes } = recoverCut(hive, log1.subarray(0, length), log2);
    assert.ok(codes.length > 0 || (state !== 'recovered' && state !== 'clean'), `${state} at ${length}`);
    assert.ok(new Set(values).size <= 1, `a mix of states at ${length}: ${values.join()}`);
  }
});
