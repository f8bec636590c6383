import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildHive, sealHead } from '../../../agent/lab/registry/hive-builder.ts';
import { binary, dword, key, type KeyPlan, list, text } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive, buildTornHive, type DirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import {
  buildBootStore,
  buildSoftwareHive,
  buildSystemHive,
} from '../../../agent/lab/registry/windows-hives.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches, type BytePatch, invertPatches } from '../../../shared/registry/byte-patch.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { describeHive } from '../../../shared/registry/describe-hive.ts';
import { openHive } from '../../../shared/registry/hive.ts';
import type { HiveProblemCode } from '../../../shared/registry/hive-problem.ts';
import { logSeed } from '../../../shared/registry/layout.ts';
import { marvin32 } from '../../../shared/registry/marvin32.ts';
import type { EditProblem, HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { type HiveLogs, recoverHive } from '../../../shared/registry/recover-hive.ts';
import { valueTypes } from '../../../shared/registry/value-type.ts';
import { type Damage, damagesOf, withDamage, withHole } from '../../support/damage.ts';
import type { FuzzDepth, FuzzedReader } from '../../support/fuzz.ts';
import type { Measure } from '../../support/memory-meter.ts';
import { deepHive, fullHive, sharedListHive } from './extreme-hives.ts';

const codes: Readonly<Record<HiveProblemCode | EditProblem['code'], true>> = {
  'not-a-hive': true,
  'too-short': true,
  'version-not-covered': true,
  'checksum-wrong': true,
  'cut-off': true,
  'bin-broken': true,
  'cell-broken': true,
  'cell-out-of-range': true,
  'cell-free': true,
  'cell-shared': true,
  'cell-misaligned': true,
  'signature-wrong': true,
  'list-nested': true,
  'list-too-long': true,
  'list-not-sorted': true,
  'name-cut-off': true,
  'data-cut-off': true,
  'key-repeated': true,
  'too-deep': true,
  'log-not-valid': true,
  'log-older': true,
  'log-gap': true,
  'log-missing': true,
  'log-entry-broken': true,
  'log-entry-hash-wrong': true,
  'log-entry-out-of-range': true,
  'dirty-vector-broken': true,
  'dirty-pages-cut-off': true,
  'hive-not-recovered': true,
  'hive-damaged': true,
  'hive-full': true,
  'key-absent': true,
  'key-not-editable': true,
  'not-a-list': true,
  'entry-absent': true,
  'name-too-long': true,
  'data-too-long': true,
  'not-an-instant': true,
};

const root = (state: number): KeyPlan =>
  key(
    'ROOT',
    [dword('Small', state), text('Text', 'some text'), binary('Large', new Uint8Array(17_000))],
    [
      key('A', [list('List', 'one', 'two'), text('Name', `state ${state}`)], [key('Deep')]),
      key('B', [], [key('X'), key('Y')]),
    ],
  );
const stateOf = (state: number): Uint8Array =>
  buildHive({ root: root(state), splitAt: 1, writtenAt: `2024-01-0${state}T00:00:00Z` });
const states = [1, 2, 3, 4].map(stateOf);

/** A hive and its logs behind each other, so that damage hits all of them. */
interface HiveFiles {
  readonly bytes: Uint8Array;
  readonly hiveBytes: number;
  readonly log1Bytes: number;
}

function filesOf({ hive, log1, log2 }: DirtyHive): HiveFiles {
  const bytes = Uint8Array.from(Buffer.concat([hive, log1, log2]));
  return { bytes, hiveBytes: hive.length, log1Bytes: log1.length };
}
const nothing = new Uint8Array(0);
const alone = (hive: Uint8Array) => filesOf({ hive, log1: nothing, log2: nothing });

/** Keys such as those of the performance counters stand for something outside of the hive. */
function withPredefinedHandle(): Uint8Array {
  const bytes = stateOf(1).slice();
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok && opened.hive.root);
  bytes[opened.hive.root.offset + 2]! |= 0x40;
  return bytes;
}

const wholeHives: Readonly<Record<string, HiveFiles>> = {
  'a small hive': alone(stateOf(1)),
  'with room': alone(buildHive({ root: root(1), spareBytes: 4096, subkeyLists: 'lf' })),
  'of an old version': alone(buildHive({ root: root(1), minorVersion: 3, subkeyLists: 'li' })),
  'with new logs': filesOf(buildDirtyHive(states, { inLog1: 2 })),
  'with one new log': filesOf(buildDirtyHive(states)),
  'with an old log': filesOf(buildTornHive(states[0]!, states[1]!, 1)),
  SYSTEM: alone(buildSystemHive({ computerName: 'LAB-1', pendingRenames: ['\\??\\C:\\a', ''] })),
  SOFTWARE: alone(
    buildSoftwareHive({
      build: 26_100,
      revision: 4652,
      machineGuid: 'x',
      packages: [{ name: 'p', state: 0x70 }],
    }),
  ),
  BCD: alone(buildBootStore()),
  'with a predefined handle': alone(withPredefinedHandle()),
};

const setBinary = (name: string, sizeBytes: number): HiveEdit => ({
  kind: 'set-value',
  key: '',
  name,
  type: valueTypes.binary,
  data: new Uint8Array(sizeBytes).fill(7),
});
const editLists: readonly (readonly HiveEdit[])[] = [
  [setBinary('Text', 20_000), { kind: 'remove-value', key: 'A', name: 'List' }],
  [setBinary('Large', 18_000), setBinary('New', 3), { kind: 'remove-value', key: '', name: 'Large' }],
  [setBinary('Large', 6), setBinary('Small', 40), setBinary('', 200)],
  [{ kind: 'remove-list-entry', key: 'A', name: 'List', entry: 'ONE' }, setBinary('Text', 4)],
  [{ kind: 'remove-list-entry', key: '', name: 'Text', entry: 'some text' }],
  [{ kind: 'remove-value', key: 'B\\X\\Z', name: 'a' }],
  [
    { kind: 'create-key', key: 'A\\New' },
    { kind: 'remove-key', key: 'A' },
  ],
  [
    { kind: 'remove-key', key: 'B' },
    { kind: 'create-key', key: 'B' },
  ],
  [{ kind: 'add-list-entry', key: 'A', name: 'List', entry: 'three', before: 'two' }],
  [{ kind: 'add-list-entry', key: 'A', name: 'New', entry: 'one', before: 'none' }],
  [setBinary('n'.repeat(20_000), 1)],
  [setBinary('n', 1024 * 1024 + 1)],
];

/** Everything we do with a hive. */
function readHive(file: ByteSource, logs: HiveLogs, roll: number, depth: FuzzDepth): string[] {
  const opened = openHive(file);
  const recovered = recoverHive(file, logs);
  if (!recovered.ok) return [recovered.problem.code];
  const found: string[] = recovered.problems.map(problem => problem.code);
  if (depth === 'all') describeHive(recovered);
  const problems = checkHive(recovered.hive).problems;
  assert.ok(problems.length <= 64);
  found.push(...problems.map(problem => problem.code));
  if (opened.ok && recovered.patches.length > 0) checkHive(opened.hive);
  assertInvertible(file, recovered.patches);
  const writtenAt = roll >= 250 ? 'yesterday' : '2024-07-19T04:00:00Z';
  const planned = planEdits(recovered, editLists[roll % editLists.length]!, { writtenAt });
  if (!planned.ok) return [...found, planned.problem.code];
  assertInvertible(file, planned.plan.patches);
  if (found.length === 0) assertWhole(file, planned.plan.patches);
  return found;
}

/** An edited hive in which nothing was wrong has nothing wrong either. */
function assertWhole(file: ByteSource, patches: readonly BytePatch[]): void {
  const edited = applyPatches(file, patches);
  const opened = edited.ok && openHive(edited.image);
  assert.ok(opened && opened.ok);
  assert.deepEqual(checkHive(opened.hive).problems, []);
}

/** Patches can be laid over the file, and taken back they leave it as it was. */
function assertInvertible(file: ByteSource, patches: readonly BytePatch[]): void {
  if (patches.length === 0) return;
  const applied = applyPatches(file, patches);
  assert.ok(applied.ok, applied.ok ? '' : applied.problem.message);
  const undone = applyPatches(applied.image, invertPatches(patches));
  assert.ok(undone.ok, undone.ok ? '' : undone.problem.message);
  assert.equal(undone.image.sizeBytes, file.sizeBytes);
  for (const { offset, before } of patches) {
    assert.deepEqual(undone.image.read(offset, before.length), before);
  }
}

function readDamaged(damage: Damage, depth: FuzzDepth, measure: Measure): string[] {
  const files = wholeHives[damage.kind]!;
  const { hiveBytes, log1Bytes } = files;
  return withDamage(files.bytes, damage, bytes => {
    const hive = bytes.subarray(0, hiveBytes);
    const log1 = bytes.subarray(hiveBytes, hiveBytes + log1Bytes);
    const log2 = bytes.subarray(hiveBytes + log1Bytes);
    // Damage behind a checksum is never looked at, so three of four hives and logs get new ones.
    const [first, second] = (damage.roll & 3) === 0 ? [log1, log2] : [sealedLog(log1), sealedLog(log2)];
    const file = memorySource((damage.roll & 12) === 0 ? hive : sealed(hive));
    const logs: HiveLogs = {
      LOG1: memorySource(first),
      ...((damage.roll & 0xf0) === 0 ? {} : { LOG2: memorySource(second) }),
    };
    return measure(bytes.length, () =>
      readHive(withHole(file, damage.unreadableFrom), logs, damage.roll, depth),
    );
  });
}

function sealed(head: Uint8Array): Uint8Array {
  const copy = head.slice();
  if (copy.length >= 512) sealHead(copy);
  return copy;
}

/** A log whose checksums all hold again. */
function sealedLog(log: Uint8Array): Uint8Array {
  const copy = sealed(log);
  const view = new DataView(copy.buffer);
  const put = (at: number, covered: Uint8Array) => {
    const { low, high } = marvin32(covered, logSeed);
    view.setUint32(at, low, true);
    view.setUint32(at + 4, high, true);
  };
  for (let at = 512; at + 40 <= copy.length && view.getUint32(at, true) === 0x454c7648;) {
    const sizeBytes = view.getUint32(at + 4, true);
    if (sizeBytes < 40 || at + sizeBytes > copy.length) break;
    put(at + 24, copy.subarray(at + 40, at + sizeBytes));
    put(at + 32, copy.subarray(at, at + 32));
    at += sizeBytes;
  }
  return copy;
}

/** Where the records of the small hive lie, and offsets of its cells as the records name them. */
function structureOf(bytes: Uint8Array): { readonly places: number[]; readonly pointers: string[] } {
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  const { hive } = opened;
  const places: number[] = [];
  const cells: number[] = [];
  for (const { key: node } of hive.walk()) {
    places.push(...[0, 2, 20, 28, 36, 40, 44, 72].map(field => node.offset + field));
    cells.push(node.cell);
    for (const listCell of [node.subkeyList, node.valueList]) {
      if (listCell === undefined) continue;
      const at = 4096 + listCell;
      const view = new DataView(bytes.buffer);
      const isRoot = view.getUint16(at + 4, true) === 0x6972;
      const leaves = isRoot ? [view.getUint32(at + 8, true), view.getUint32(at + 12, true)] : [];
      cells.push(listCell, ...leaves);
      // The signatures of lists below lists, and entries more than once: what leads astray is the worst damage.
      places.push(...leaves.flatMap(leaf => [4096 + leaf + 4, 4096 + leaf + 4]));
      places.push(...[0, 4, 6, 8, 12, 8, 12, 8, 12].map(field => at + field));
    }
    for (const value of hive.values(node)) {
      places.push(...[0, 2, 4, 8, 16].map(field => value.offset + field));
      cells.push(value.cell, value.dataCell);
    }
  }
  const pointers = cells.map(cell => Buffer.from(Uint32Array.of(cell).buffer).toString('latin1'));
  return { places, pointers };
}
const signatures = ['nk', 'vk', 'lf', 'lh', 'li', 'ri', 'sk', 'db', 'hbin', 'HvLE', 'DIRT', 'regf'];
const structure = structureOf(states[0]!);

/** Registry hives with their logs: recovered, walked, checked, edited. */
export const hiveReader: FuzzedReader = {
  name: 'hive',
  codes: Object.keys(codes),
  damages: damagesOf(Object.keys(wholeHives), {
    places: fc.oneof(
      fc.nat(0x30),
      fc.constantFrom(...structure.places),
      fc.nat(0x20).map(at => states[0]!.length + at * 4),
      fc.nat(0x20).map(at => states[0]!.length + 512 + at * 4),
    ),
    texts: [...signatures, ...structure.pointers],
  }),
  read: readDamaged,
  extremes: [deepHive, fullHive, sharedListHive].map(build => measure => {
    const hive = build();
    return measure(hive.sizeBytes, () => readHive(hive, {}, 0, 'all'));
  }),
  shortRun: 10_000,
};
