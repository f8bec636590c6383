import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import {
  assertSameLines,
  bytesOf,
  withoutHivex,
  keysWithHivex,
  listLikeHivex,
  listWithHivex,
} from './hivex.ts';
import { readSample, withoutSamples } from './samples.ts';

function open(bytes: Uint8Array): Hive {
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  return opened.hive;
}

function recoverSample(): Hive {
  const logs = {
    LOG1: memorySource(readSample('SYSTEM_B.LOG1')),
    LOG2: memorySource(readSample('SYSTEM_B.LOG2')),
  };
  const recovered = recoverHive(memorySource(readSample('SYSTEM_B')), logs);
  assert.ok(recovered.ok);
  assert.equal(recovered.state, 'recovered');
  assert.deepEqual(recovered.problems, []);
  assert.deepEqual(
    recovered.replayed.map(one => [one.log, one.format, one.firstSequence, one.lastSequence, one.pages]),
    [
      ['LOG1', 'new', 2107, 2110, 10],
      ['LOG2', 'new', 2111, 2130, 305],
    ],
  );
  return recovered.hive;
}

const hives: Record<string, () => Hive> = {
  BCD: () => open(readSample('BCD')),
  SYSTEM: () => open(readSample('SYSTEM')),
  SYSTEM_WIN_10_1709: () => open(readSample('SYSTEM_WIN_10_1709')),
  SYSTEM_B: () => open(readSample('SYSTEM_B')),
  'SYSTEM_B with its logs replayed': recoverSample,
};
const counts: Record<string, readonly [number, number]> = {
  BCD: [132, 103],
  SYSTEM: [30_756, 73_456],
  SYSTEM_WIN_10_1709: [43_211, 90_307],
  SYSTEM_B: [33_123, 74_957],
  'SYSTEM_B with its logs replayed': [35_595, 78_901],
};

describe('real hives', () => {
  for (const [name, openSample] of Object.entries(hives)) {
    test(`${name} is whole`, { skip: withoutSamples }, () => {
      const check = checkHive(openSample());
      assert.deepEqual(check.problems, []);
      assert.deepEqual([check.keys, check.values], counts[name]);
    });

    test(
      `${name} reads as hivex reads it: every key, time, value and type`,
      { skip: withoutSamples || withoutHivex },
      () => {
        const hive = openSample();
        const bytes = bytesOf(hive.source);
        const all = [...hive.walk()];
        const ours = all.map(({ key }) => `${key.name} ${key.writtenAt?.replace(/\.\d+Z/, 'Z') ?? '-'}`);
        assertSameLines(keysWithHivex(bytes), ours);
        const paths = all.map(one => one.path);
        assertSameLines(listWithHivex(bytes, paths).split('\n'), listLikeHivex(hive, all).split('\n'));
      },
    );
  }
});
