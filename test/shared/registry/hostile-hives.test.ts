import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive, sealHead } from '../../../agent/lab/registry/hive-builder.ts';
import { binary, dword, key, type KeyPlan, list, text } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import {
  buildBootStore,
  buildSoftwareHive,
  buildSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { describeHive } from '../../../shared/registry/describe-hive.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import { logSeed } from '../../../shared/registry/layout.ts';
import { marvin32 } from '../../../shared/registry/marvin32.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { recoverHive } from '../../../shared/registry/recover-hive.ts';
import { encodeDword, valueTypes } from '../../../shared/registry/value-type.ts';

const root: KeyPlan = key(
  'ROOT',
  [dword('Small', 1), text('Text', 'some text'), binary('Large', new Uint8Array(40_000))],
  [key('A', [list('List', 'one', 'two')], [key('Deep')]), key('B', [], [key('X'), key('Y')])],
);

/** Everything we can do with a hive; only that it returns matters. */
function exhaust(file: Uint8Array, log?: Uint8Array): void {
  const source = memorySource(file);
  const recovered = recoverHive(
    source,
    log ? { LOG1: memorySource(log), LOG2: memorySource(new Uint8Array(0)) } : {},
  );
  if (!recovered.ok) return;
  describeHive(recovered);
  checkHive(recovered.hive);
  planEdits(recovered, [
    { kind: 'set-value', key: '', name: 'Text', type: valueTypes.binary, data: new Uint8Array(20_000) },
    { kind: 'remove-value', key: 'A', name: 'List' },
  ]);
}

interface Poke {
  readonly hive: Hive;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly u32: (offset: number) => number;
}

/** Problem codes that a whole reading finds in a hive after it was spoiled. */
function codesAfter(spoil: (poke: Poke) => void, plan = { root, splitAt: 500 }): ReadonlySet<string> {
  const bytes = buildHive(plan);
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  const view = new DataView(bytes.buffer);
  spoil({ hive: opened.hive, bytes, view, u32: offset => view.getUint32(offset, true) });
  sealHead(bytes);
  const spoiled = openHive(memorySource(bytes));
  if (!spoiled.ok) return new Set([spoiled.problem.code]);
  return new Set(checkHive(spoiled.hive).problems.map(problem => problem.code));
}

const keyAt = (hive: Hive, path: string): { offset: number; list: number } => {
  const found = hive.findKey(path)!;
  return { offset: found.offset, list: 4096 + (found.subkeyList ?? 0) + 4 };
};
const valueAt = (hive: Hive, name: string): { offset: number; dataCell: number } =>
  hive.findValue(hive.root!, name)!;

describe('each damage has its code', () => {
  const damages: Record<string, (poke: Poke) => void> = {
    'not-a-hive': ({ bytes }) => void (bytes[0] = 0),
    'version-not-covered': ({ view }) => view.setUint32(24, 1, true),
    'cut-off': ({ view, u32 }) => view.setUint32(40, u32(40) + 4096, true),
    'bin-broken': ({ bytes }) => void (bytes[4096] = 0),
    'cell-broken': ({ view, hive }) => view.setInt32(hive.root!.offset - 4, -0x10_0000, true),
    'cell-out-of-range': ({ view, hive }) => view.setUint32(hive.root!.offset + 28, 0x7fff_fff8, true),
    'cell-free': ({ view, hive }) => view.setInt32(keyAt(hive, 'A').offset - 4, 88, true),
    'cell-misaligned': ({ view, hive, u32 }) =>
      view.setUint32(hive.root!.offset + 40, u32(hive.root!.offset + 40) + 4, true),
    'cell-shared': ({ view, hive, u32 }) =>
      view.setUint32(keyAt(hive, 'A').offset + 28, u32(keyAt(hive, 'B').offset + 28), true),
    'signature-wrong': ({ bytes, hive }) => void (bytes[keyAt(hive, 'A').offset] = 0),
    'list-too-long': ({ view, hive }) => view.setUint16(keyAt(hive, 'B').list + 2, 500, true),
    'list-not-sorted': ({ bytes, hive }) => void (bytes[keyAt(hive, 'B\\X').offset + 76] = 0x5a),
    'name-cut-off': ({ view, hive }) => view.setUint16(keyAt(hive, 'A').offset + 72, 500, true),
    'data-cut-off': ({ view, hive }) => view.setUint32(valueAt(hive, 'Text').offset + 4, 1000, true),
    'key-repeated': ({ view, hive, u32 }) =>
      view.setUint32(keyAt(hive, 'B').list + 4, u32(keyAt(hive, 'B').list + 12), true),
  };
  for (const [code, spoil] of Object.entries(damages)) {
    test(code, () => assert.ok(codesAfter(spoil).has(code)));
  }

  test('checksum-wrong and too-short', () => {
    const bytes = buildHive({ root });
    bytes[100]! ^= 1;
    const opened = openHive(memorySource(bytes));
    assert.ok(opened.ok);
    assert.deepEqual(
      opened.hive.problems.map(one => [one.code, one.offset, one.structure]),
      [['checksum-wrong', 0, 'base-block']],
    );
    const short = openHive(memorySource(bytes.subarray(0, 100)));
    assert.ok(!short.ok);
    assert.equal(short.problem.code, 'too-short');
  });

  test('a key that is its own subkey, lists in lists, segments that are the same', () => {
    const cycle = codesAfter(({ view, hive }) =>
      view.setUint32(keyAt(hive, 'A').list + 4, hive.findKey('A')!.cell, true),
    );
    assert.ok(cycle.has('key-repeated'));
    const split = { root, splitAt: 1 };
    const nested = codesAfter(
      ({ view, hive }) => view.setUint32(keyAt(hive, 'B').list + 4, hive.findKey('B')!.subkeyList!, true),
      split,
    );
    assert.ok(nested.has('list-nested'));
    const segments = codesAfter(({ view, hive, u32 }) => {
      const list = 4096 + u32(4096 + valueAt(hive, 'Large').dataCell + 4 + 4) + 4;
      view.setUint32(list + 4, u32(list), true);
    });
    assert.ok(segments.has('cell-shared') && segments.has('data-cut-off'));
  });

  test('data of values in cells of keys, and names of classes in cells of values', () => {
    const data = codesAfter(({ view, hive }) =>
      view.setUint32(valueAt(hive, 'Text').offset + 8, hive.findKey('A')!.cell, true),
    );
    const className = codesAfter(({ view, hive }) => {
      view.setUint32(hive.findKey('A')!.offset + 48, valueAt(hive, 'Text').dataCell, true);
      view.setUint16(hive.findKey('A')!.offset + 74, 8, true);
    });
    assert.ok(data.has('cell-shared') && className.has('cell-shared'));
  });

  test('keys deeper than Windows allows', () => {
    let chain = key('end');
    for (let depth = 0; depth < 600; depth++) chain = key('k', [], [chain]);
    assert.ok(codesAfter(() => {}, { root: chain, splitAt: 500 }).has('too-deep'));
  });

  test('a log entry whose page leads out of the bins', () => {
    const [before, after] = [
      buildHive({ root: key('ROOT', [dword('n', 1)]) }),
      buildHive({ root: key('ROOT', [dword('n', 2)]) }),
    ];
    const dirty = buildDirtyHive([before, after]);
    const log = dirty.log1.slice();
    const view = new DataView(log.buffer);
    view.setUint32(512 + 40, 0x10_0000, true);
    const seal = (at: number, covered: Uint8Array): void => {
      const { low, high } = marvin32(covered, logSeed);
      view.setUint32(at, low, true);
      view.setUint32(at + 4, high, true);
    };
    seal(512 + 24, log.subarray(512 + 40));
    seal(512 + 32, log.subarray(512, 512 + 32));
    const recovered = recoverHive(memorySource(dirty.hive), { LOG1: memorySource(log) });
    assert.ok(recovered.ok);
    assert.deepEqual(
      recovered.problems.map(one => one.code),
      ['log-entry-out-of-range'],
    );
    assert.equal(recovered.state, 'unrecovered');
  });
});

test('a hive whose keys all share one long list costs no more than its size', () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    key(`k${String(at).padStart(5, '0')}`, [], [key('s')]),
  );
  const codes = codesAfter(
    ({ hive, view, u32 }) => {
      const shared = u32(hive.root!.offset + 28);
      for (const one of hive.subkeys(hive.root!)) {
        view.setUint32(one.offset + 20, 3000, true);
        view.setUint32(one.offset + 28, shared, true);
      }
    },
    { root: key('ROOT', [], many), splitAt: 5000 },
  );
  assert.ok(codes.has('cell-shared'));
});

const before = buildHive({ root });
const after = buildHive({ root: key('ROOT', [dword('Small', 2)], root.keys) });
const dirty = buildDirtyHive([before, after]);
const hives = [
  buildSystemHive({ computerName: 'LAB-1', pendingRenames: ['\\??\\C:\\a', ''] }),
  buildSoftwareHive({
    build: 26_100,
    revision: 4652,
    machineGuid: 'x',
    packages: [{ name: 'p', state: 0x70 }],
  }),
  buildBootStore(),
  before,
];

test('a hive or log cut off anywhere gives what is left', () => {
  for (const hive of hives) for (let end = 0; end < hive.length; end += 509) exhaust(hive.subarray(0, end));
  for (let end = 0; end < dirty.log1.length; end += 509) exhaust(dirty.hive, dirty.log1.subarray(0, end));
});

test('damaged hives and logs neither throw nor hang', () => {
  const change = fc.record({
    at: fc.nat(),
    value: fc.oneof(fc.constantFrom(0, 0xff, 0x7f, 0x80), fc.nat({ max: 255 })),
  });
  const changes = fc.array(change, { minLength: 1, maxLength: 12 });
  const spoiled = (bytes: Uint8Array, pokes: readonly { at: number; value: number }[]): Uint8Array => {
    const copy = bytes.slice();
    for (const { at, value } of pokes) copy[at % copy.length] = value;
    return copy;
  };
  fc.assert(
    fc.property(fc.nat({ max: hives.length }), changes, fc.boolean(), (which, pokes, sealed) => {
      const hive = hives[which];
      if (!hive) return exhaust(dirty.hive, spoiled(dirty.log1, pokes));
      const bad = spoiled(hive, pokes);
      if (sealed) sealHead(bad);
      exhaust(bad);
    }),
    { numRuns: 1500, interruptAfterTimeLimit: 10_000 },
  );
});

test('edits of a damaged hive are refused or leave what they touch readable', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 255 }), (at, value) => {
      const bytes = before.slice();
      bytes[4096 + (at % (bytes.length - 4096))] = value;
      const recovered = recoverHive(memorySource(bytes));
      if (!recovered.ok) return;
      const planned = planEdits(recovered, [
        { kind: 'set-value', key: 'A', name: 'Start', type: 4, data: encodeDword(4) },
      ]);
      if (planned.ok)
        assert.ok(planned.plan.patches.every(patch => patch.before.length <= patch.after.length));
    }),
    { numRuns: 500 },
  );
});

test('a key that tells millions of values without a list of them is damaged, and no edit makes room for them', () => {
  const bytes = buildHive({ root: key('ROOT', [], [key('Sub')]) }).slice();
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok && opened.hive.root);
  const view = new DataView(bytes.buffer);
  view.setUint32(opened.hive.root.offset + 36, 22_000_000, true);
  view.setUint32(opened.hive.root.offset + 40, 0xffff_ffff, true);
  const recovered = recoverHive(memorySource(bytes), {});
  assert.ok(recovered.ok);
  assert.ok(checkHive(recovered.hive).problems.some(problem => problem.code === 'list-too-long'));
  const data = Uint8Array.of(1, 0, 0, 0);
  const planned = planEdits(recovered, [{ kind: 'set-value', key: '', name: 'New', type: 4, data }]);
  assert.equal(planned.ok ? 'planned' : planned.problem.code, 'hive-damaged');
});
