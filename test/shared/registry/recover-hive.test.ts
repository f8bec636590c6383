import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive, sealHead } from '../../../agent/lab/registry/hive-builder.ts';
import { binary, dword, key, type KeyPlan, text } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive, buildTornHive, type DirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches, invertPatches } from '../../../shared/registry/byte-patch.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { type RecoveredHive, recoverHive } from '../../../shared/registry/recover-hive.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { decodeNumber } from '../../../shared/registry/value-type.ts';
import { withHole } from '../../support/damage.ts';
import { bytesOf } from './hivex.ts';

/** States of one hive, told apart by a number; with `grows` each one has more bins than the one before. */
const states = (count: number, grows = false): Uint8Array[] =>
  Array.from({ length: count }, (_, state) => {
    const filling = grows ? [binary('filling', new Uint8Array(state * 9000))] : [];
    const root: KeyPlan = key(
      'ROOT',
      [dword('State', state), ...filling],
      [key('Sub', [text('Name', `state ${state}`)])],
    );
    return buildHive({ root, writtenAt: `2024-01-0${state + 1}T00:00:00Z` });
  });

function recover(
  hive: Uint8Array,
  logs: { LOG?: Uint8Array; LOG1?: Uint8Array; LOG2?: Uint8Array },
): RecoveredHive {
  const sources = Object.entries(logs).map(([name, bytes]) => [name, memorySource(bytes)] as const);
  const recovered = recoverHive(memorySource(hive), Object.fromEntries(sources));
  assert.ok(recovered.ok, recovered.ok ? '' : recovered.problem.message);
  return recovered;
}

const both = ({ log1, log2 }: DirtyHive): { LOG1: Uint8Array; LOG2: Uint8Array } => ({
  LOG1: log1,
  LOG2: log2,
});

function stateOf({ hive }: RecoveredHive): number | bigint | undefined {
  const value = hive.findValue(hive.root!, 'State');
  return value && decodeNumber(value.type, hive.dataOf(value));
}

const codes = (recovered: RecoveredHive): string[] =>
  recovered.problems.map(({ code, log }) => `${log} ${code}`);

describe('logs since Windows 8.1', () => {
  test('entries of both logs are replayed in sequence, whichever log has the earlier ones', () => {
    const dirty = buildDirtyHive(states(5), { inLog1: 2 });
    for (const logs of [both(dirty), { LOG1: dirty.log2, LOG2: dirty.log1 }]) {
      const recovered = recover(dirty.hive, logs);
      assert.deepEqual([recovered.state, stateOf(recovered), codes(recovered)], ['recovered', 4, []]);
      assert.deepEqual(
        recovered.replayed.map(one => [one.firstSequence, one.lastSequence]),
        [
          [8, 9],
          [10, 11],
        ],
      );
      assert.equal(recovered.hive.baseBlock.primarySequence, 12);
      assert.equal(recovered.hive.dirty, false);
    }
  });

  test('sequence numbers wrap around', () => {
    const dirty = buildDirtyHive(states(5), { inLog1: 2, firstSequence: 0xffff_fffe });
    const recovered = recover(dirty.hive, both(dirty));
    assert.deepEqual([recovered.state, stateOf(recovered)], ['recovered', 4]);
    assert.equal(recovered.hive.baseBlock.primarySequence, 2);
  });

  test('a torn last entry is where Windows stops too', () => {
    const dirty = buildDirtyHive(states(4));
    const log1 = dirty.log1.slice();
    log1[log1.length - 1]! ^= 1;
    const recovered = recover(dirty.hive, { LOG1: log1, LOG2: dirty.log2 });
    assert.deepEqual([recovered.state, stateOf(recovered)], ['recovered', 2]);
    assert.deepEqual(codes(recovered), ['LOG1 log-entry-hash-wrong']);
    const cut = recover(dirty.hive, {
      LOG1: dirty.log1.subarray(0, dirty.log1.length - 600),
      LOG2: dirty.log2,
    });
    assert.deepEqual([stateOf(cut), codes(cut)], [2, ['LOG1 log-entry-broken']]);
  });

  test('without the other log nobody knows what is missing, and an empty one says that nothing is', () => {
    const dirty = buildDirtyHive(states(3));
    const alone = recover(dirty.hive, { LOG1: dirty.log1 });
    assert.deepEqual([alone.state, stateOf(alone), codes(alone)], ['incomplete', 2, ['LOG2 log-missing']]);
    assert.equal(recover(dirty.hive, both(dirty)).state, 'recovered');
  });

  test('a gap between the logs stops the replay', () => {
    const all = states(6);
    const early = buildDirtyHive(all.slice(0, 3));
    const late = buildDirtyHive(all.slice(3), { firstSequence: 11 });
    const recovered = recover(early.hive, { LOG1: early.log1, LOG2: late.log1 });
    assert.deepEqual([stateOf(recovered), codes(recovered)], [2, ['LOG2 log-gap']]);
  });

  test('a log that is older than the hive is not replayed', () => {
    const old = buildDirtyHive(states(2), { firstSequence: 3 });
    const now = buildDirtyHive(states(3), { firstSequence: 8 });
    const recovered = recover(now.hive, { LOG1: old.log1, LOG2: now.log1 });
    assert.deepEqual([recovered.state, stateOf(recovered), codes(recovered)], ['recovered', 2, []]);
    const only = recover(now.hive, { LOG1: old.log1 });
    assert.deepEqual([only.state, stateOf(only), codes(only)], ['unrecovered', 0, ['LOG1 log-older']]);
  });

  test('a damaged head comes from the newest log', () => {
    const dirty = buildDirtyHive(states(3));
    const hive = dirty.hive.slice();
    hive.fill(0x55, 24, 48);
    const recovered = recover(hive, both(dirty));
    assert.deepEqual([recovered.state, stateOf(recovered)], ['recovered', 2]);
    assert.equal(recovered.hive.baseBlock.minorVersion, 5);
  });

  test('a hive grows with its entries', () => {
    const dirty = buildDirtyHive(states(4, true));
    const recovered = recover(dirty.hive, both(dirty));
    assert.deepEqual([recovered.state, stateOf(recovered)], ['recovered', 3]);
    assert.deepEqual(checkHive(recovered.hive).problems, []);
    assert.ok(recovered.hive.source.sizeBytes > dirty.hive.length);
  });

  test('a clean hive is left alone, whatever its logs hold', () => {
    const dirty = buildDirtyHive(states(3));
    const recovered = recover(states(1)[0]!, both(dirty));
    assert.deepEqual([recovered.state, stateOf(recovered), recovered.patches], ['clean', 0, []]);
    assert.equal(recovered.newestSequence, 9);
  });

  test('recovered bytes are those of the newest state, and the patches can be undone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.boolean(), fc.nat({ max: 5 }), (count, grows, split) => {
        const all = states(count, grows);
        const dirty = buildDirtyHive(all, { inLog1: Math.min(split, count - 1) });
        const recovered = recover(dirty.hive, both(dirty));
        assert.deepEqual(bytesOf(recovered.hive.source).subarray(4096), all.at(-1)!.subarray(4096));
        const applied = applyPatches(memorySource(dirty.hive), recovered.patches);
        assert.ok(applied.ok);
        assert.deepEqual(bytesOf(applied.image), bytesOf(recovered.hive.source));
        const undone = applyPatches(applied.image, invertPatches(recovered.patches));
        assert.ok(undone.ok);
        assert.deepEqual(bytesOf(undone.image), dirty.hive);
      }),
      { numRuns: 40 },
    );
  });
});

describe('logs before Windows 8.1', () => {
  const [before, after] = [states(1)[0]!, states(2)[1]!];

  test('a torn write is completed from the log', () => {
    for (const written of [0, 1]) {
      const torn = buildTornHive(before, after, written);
      const recovered = recover(torn.hive, both(torn));
      assert.deepEqual([recovered.state, stateOf(recovered), codes(recovered)], ['recovered', 1, []]);
      assert.deepEqual(bytesOf(recovered.hive.source).subarray(4096), after.subarray(4096));
    }
  });

  test('the newer of two logs is used, a log from before the hive is not', () => {
    const all = states(3);
    const [first, second] = [buildTornHive(all[0]!, all[1]!), buildTornHive(all[0]!, all[2]!)];
    assert.equal(stateOf(recover(first.hive, { LOG1: first.log1, LOG2: second.log1 })), 2);
    const late = recover(second.hive, { LOG1: first.log1, LOG2: new Uint8Array(0) });
    assert.deepEqual([late.state, codes(late)], ['unrecovered', ['LOG1 log-older']]);
  });

  test('a log that is not whole is not used at all', () => {
    const torn = buildTornHive(before, after);
    const cut = recover(torn.hive, { LOG1: torn.log1.subarray(0, torn.log1.length - 512) });
    assert.deepEqual([cut.state, stateOf(cut), codes(cut)], ['unrecovered', 0, ['LOG1 dirty-pages-cut-off']]);
    const broken = torn.log1.slice();
    broken[512] = 0;
    assert.deepEqual(codes(recover(torn.hive, { LOG1: broken })), ['LOG1 dirty-vector-broken']);
  });

  test('a single LOG serves where there are no others', () => {
    const torn = buildTornHive(before, after);
    assert.equal(recover(torn.hive, { LOG: torn.log1 }).state, 'recovered');
    assert.equal(recover(torn.hive, { LOG: torn.log1, LOG1: torn.log2, LOG2: torn.log2 }).state, 'recovered');
  });
});

describe('logs that are none', () => {
  const dirty = buildDirtyHive(states(2));
  const spoiled = (change: (log: Uint8Array) => void): Uint8Array => {
    const log = dirty.log1.slice();
    change(log);
    return log;
  };
  const cases: [string, Uint8Array][] = [
    ['zeros', new Uint8Array(4096)],
    ['a checksum that is wrong', spoiled(log => void (log[508]! ^= 1))],
    ['a hive instead of a log', states(1)[0]!],
    [
      'unequal sequence numbers',
      spoiled(log => {
        log[4]! ^= 1;
        sealHead(log);
      }),
    ],
  ];
  for (const [name, log] of cases) {
    test(name, () => {
      const recovered = recover(dirty.hive, { LOG1: log });
      assert.deepEqual([recovered.state, codes(recovered)], ['unrecovered', ['LOG1 log-not-valid']]);
    });
  }

  test('no log at all', () => {
    assert.deepEqual([recover(dirty.hive, {}).state, stateOf(recover(dirty.hive, {}))], ['unrecovered', 0]);
  });
});

test('a hive with places that cannot be read is neither patched nor edited', () => {
  const dirty = buildDirtyHive(states(3));
  const clean = memorySource(states(1)[0]!);
  const logs = { LOG1: memorySource(dirty.log1), LOG2: memorySource(dirty.log2) };
  const edit = { kind: 'set-value', key: '', name: 'State', type: 3, data: new Uint8Array(9000) } as const;
  for (const from of [512, 4096, 4608]) {
    const recovered = recoverHive(withHole(memorySource(dirty.hive), from), logs);
    assert.ok(recovered.ok);
    assert.deepEqual([recovered.state, recovered.patches], ['incomplete', []]);
    const opened = recoverHive(withHole(clean, from));
    assert.ok(opened.ok);
    const planned = planEdits(opened, [edit]);
    assert.ok(!planned.ok && planned.problem.code === 'hive-damaged');
  }
});
