import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import {
  type KeyPlan,
  dword,
  key,
  list,
  text,
  type ValuePlan,
} from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches, type BytePatch, invertPatches } from '../../../shared/registry/byte-patch.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { type EditPlan, planEdits } from '../../../shared/registry/plan-edits.ts';
import { type HiveLogs, type RecoveredHive, recoverHive } from '../../../shared/registry/recover-hive.ts';
import {
  decodeTextList,
  encodeDword,
  encodeText,
  encodeTextList,
  valueTypes,
} from '../../../shared/registry/value-type.ts';
import {
  assertSameLines,
  bytesOf,
  getWithHivex,
  keysWithHivex,
  withoutHivex,
  listLikeHivex,
  listWithHivex,
} from './hivex.ts';
import { readSample, withoutSamples } from './samples.ts';

const disk = 'ControlSet001\\Control\\Class\\{4d36e967-e325-11ce-bfc1-08002be10318}';
const system: KeyPlan = key(
  'ROOT',
  [],
  [
    key(
      'ControlSet001',
      [],
      [
        key(
          'Control',
          [],
          [
            key(
              'Class',
              [],
              [
                key('{4d36e967-e325-11ce-bfc1-08002be10318}', [
                  text('Class', 'DiskDrive'),
                  list('UpperFilters', 'partmgr', 'cntflt', 'volsnap'),
                  list('LowerFilters', 'cntflt'),
                ]),
              ],
            ),
          ],
        ),
        key(
          'Services',
          [],
          [key('cntflt', [dword('Start', 0), text('ImagePath', 'system32\\drivers\\cntflt.sys')])],
        ),
      ],
    ),
  ],
);

function recover(file: Uint8Array, logs: HiveLogs = {}): RecoveredHive {
  const recovered = recoverHive(memorySource(file), logs);
  assert.ok(recovered.ok);
  return recovered;
}

function plan(recovered: RecoveredHive, ...edits: HiveEdit[]): EditPlan {
  const result = planEdits(recovered, edits);
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return result.plan;
}

function patched(file: ByteSource, patches: readonly BytePatch[]): Uint8Array {
  const result = applyPatches(file, patches);
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return bytesOf(result.image);
}

/** The edited hive, after it was proven that it is whole, clean, and that undo gives the file to the byte. */
function edit(
  file: Uint8Array,
  edits: readonly HiveEdit[],
  logs: HiveLogs = {},
): { bytes: Uint8Array; hive: Hive; plan: EditPlan } {
  const recovered = recover(file, logs);
  const lostBefore = checkHive(recovered.hive).lostCells;
  const made = plan(recovered, ...edits);
  const bytes = patched(memorySource(file), made.patches);
  const opened = openHive(memorySource(bytes));
  assert.ok(opened.ok);
  const check = checkHive(opened.hive);
  assert.deepEqual([check.problems, check.lostCells], [[], lostBefore]);
  assert.equal(opened.hive.dirty, made.patches.length === 0 ? opened.hive.dirty : false);
  assert.deepEqual(patched(memorySource(bytes), invertPatches(made.patches)), file);
  return { bytes, hive: opened.hive, plan: made };
}

const dataAt = (hive: Hive, path: string, name: string): Uint8Array | undefined => {
  const found = hive.findKey(path);
  const value = found && hive.findValue(found, name);
  return value && hive.dataOf(value);
};

const setValue = (path: string, { name, type, data }: ValuePlan): HiveEdit => ({
  kind: 'set-value',
  key: path,
  name,
  type,
  data,
});
const service = 'ControlSet001\\Services\\cntflt';

describe('edits of values', () => {
  test('a driver is disabled by 4 bytes and the head', () => {
    const file = buildHive({ root: system });
    const { plan: made, hive } = edit(file, [setValue(service, dword('Start', 4))]);
    assert.deepEqual(made.effects, ['changed']);
    assert.deepEqual(dataAt(hive, service, 'start'), encodeDword(4));
    const outside = made.patches.filter(patch => patch.offset >= 4096);
    assert.deepEqual(
      outside.map(patch => [[...patch.before], [...patch.after]]),
      [[[0], [4]]],
    );
  });

  test('a filter entry goes in place, and the value with its last entry', () => {
    const file = buildHive({ root: system });
    const entry = (name: string): HiveEdit => ({
      kind: 'remove-list-entry',
      key: disk,
      name,
      entry: 'CNTFLT',
    });
    const { hive, plan: made } = edit(file, [
      entry('UpperFilters'),
      entry('LowerFilters'),
      entry('LowerFilters'),
    ]);
    assert.deepEqual(made.effects, ['changed', 'removed', 'unchanged']);
    assert.deepEqual(decodeTextList(dataAt(hive, disk, 'UpperFilters')!), ['partmgr', 'volsnap']);
    assert.equal(dataAt(hive, disk, 'LowerFilters'), undefined);
    assert.equal(hive.source.sizeBytes, file.length);
  });

  test('a filter entry comes last or before another, and makes the value where it is missing', () => {
    const entry = (name: string, before: string | null): HiveEdit => ({
      kind: 'add-list-entry',
      key: disk,
      name,
      entry: 'newflt',
      before,
    });
    const file = buildHive({ root: system });
    const { hive, plan: made } = edit(file, [
      entry('UpperFilters', 'VOLSNAP'),
      entry('UpperFilters', null),
      entry('Another', null),
    ]);
    assert.deepEqual(made.effects, ['changed', 'unchanged', 'added']);
    assert.deepEqual(decodeTextList(dataAt(hive, disk, 'UpperFilters')!), [
      'partmgr',
      'cntflt',
      'newflt',
      'volsnap',
    ]);
    assert.deepEqual(decodeTextList(dataAt(hive, disk, 'Another')!), ['newflt']);
  });

  test('a value that outgrows its cell moves, and the hive grows only when nothing is free', () => {
    const file = buildHive({ root: system });
    const large = { name: 'ImagePath', type: valueTypes.text, data: encodeText('x'.repeat(3000)) };
    const grown = edit(file, [setValue(service, large)]);
    assert.deepEqual(dataAt(grown.hive, service, 'ImagePath'), large.data);
    assert.equal(grown.bytes.length % 4096, 0);
    assert.ok(grown.bytes.length > file.length);
    const roomy = buildHive({ root: system, spareBytes: 8000 });
    assert.equal(edit(roomy, [setValue(service, large)]).bytes.length, roomy.length);
  });

  test('nothing to change means no patch at all', () => {
    const file = buildHive({ root: system });
    const made = plan(recover(file), setValue(service, dword('start', 0)), {
      kind: 'remove-value',
      key: service,
      name: 'x',
    });
    assert.deepEqual([made.effects, made.patches], [['unchanged', 'unchanged'], []]);
  });

  test('the time of a changed key is set when it is told', () => {
    const file = buildHive({ root: system });
    const made = planEdits(recover(file), [setValue(service, dword('Start', 4))], {
      writtenAt: '2026-11-20T12:00:00Z',
    });
    assert.ok(made.ok);
    const opened = openHive(memorySource(patched(memorySource(file), made.plan.patches)));
    assert.ok(opened.ok);
    assert.equal(opened.hive.findKey(service)?.writtenAt, '2026-11-20T12:00:00.000Z');
    assert.equal(opened.hive.findKey(disk)?.writtenAt, '2024-01-01T00:00:00.000Z');
  });

  test('replayed logs are in the plan, whose sequence number is newer than theirs', () => {
    const changed: KeyPlan = key('ROOT', [], [...system.keys!, key('Select', [dword('Current', 1)])]);
    const states = [system, changed].map(root => buildHive({ root, spareBytes: 4000 }));
    const dirty = buildDirtyHive(states, { firstSequence: 40 });
    const logs = { LOG1: memorySource(dirty.log1), LOG2: memorySource(dirty.log2) };
    const { hive, bytes, plan: made } = edit(dirty.hive, [setValue('Select', dword('Current', 2))], logs);
    assert.equal(made.sequence, 41);
    assert.deepEqual(dataAt(hive, 'Select', 'Current'), encodeDword(2));
    // The same logs beside the edited hive change nothing any more.
    const again = recoverHive(memorySource(bytes), logs);
    assert.ok(again.ok);
    assert.deepEqual([again.state, again.patches], ['clean', []]);
  });

  test('patches fit no other file', () => {
    const file = buildHive({ root: system });
    const made = plan(recover(file), setValue(service, dword('Start', 4)));
    const other = file.slice();
    other[4] = 7;
    const result = applyPatches(memorySource(other), made.patches);
    assert.ok(!result.ok);
    assert.deepEqual([result.problem.code, result.problem.offset], ['bytes-differ', 4]);
    const middle = applyPatches(memorySource(file), [
      { offset: 4, before: file.slice(4, 5), after: new Uint8Array(2) },
    ]);
    assert.ok(!middle.ok);
    assert.equal(middle.problem.code, 'not-at-the-end');
  });
});

describe('edits that are refused', () => {
  const file = buildHive({ root: system });
  const refused: [string, RecoveredHive, HiveEdit][] = [
    ['key-absent', recover(file), setValue('ControlSet001\\Services\\none', dword('Start', 4))],
    ['not-a-list', recover(file), { kind: 'remove-list-entry', key: service, name: 'ImagePath', entry: 'x' }],
    [
      'entry-absent',
      recover(file),
      { kind: 'add-list-entry', key: disk, name: 'UpperFilters', entry: 'x', before: 'y' },
    ],
    ['name-too-long', recover(file), setValue(service, dword('x'.repeat(16_384), 1))],
    [
      'data-too-long',
      recover(file),
      setValue(service, { name: 'x', type: 3, data: new Uint8Array(1024 * 1024 + 1) }),
    ],
    ['hive-not-recovered', recover(buildDirtyHive([file, file]).hive), setValue(service, dword('Start', 4))],
  ];
  for (const [code, recovered, one] of refused) {
    test(code, () => {
      const result = planEdits(recovered, [one]);
      assert.ok(!result.ok);
      assert.equal(result.problem.code, code);
    });
  }

  test('a list of pending renames, whose empty texts mean something', () => {
    const renames = list('PendingFileRenameOperations', '\\??\\C:\\a', '', '\\??\\C:\\b', '\\??\\C:\\c');
    const pending = buildHive({ root: key('ROOT', [renames]) });
    const result = planEdits(recover(pending), [
      { kind: 'remove-list-entry', key: '', name: 'PendingFileRenameOperations', entry: '\\??\\C:\\a' },
    ]);
    assert.ok(!result.ok);
    assert.equal(result.problem.code, 'not-a-list');
  });

  test('broken bins and a time that is none', () => {
    const broken = file.slice();
    broken[4096] = 0;
    const result = planEdits(recover(broken), [setValue(service, dword('Start', 4))]);
    assert.ok(!result.ok);
    assert.equal(result.problem.code, 'hive-damaged');
    const late = planEdits(recover(file), [], { writtenAt: 'soon' });
    assert.ok(!late.ok);
    assert.equal(late.problem.code, 'not-an-instant');
  });
});

// Sizes around every border: inside the record, in a cell, in segments.
const size = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 5, 16_343, 16_344, 16_345, 32_688, 32_689, 40_000),
  fc.integer({ min: 0, max: 200 }),
);
const value = fc.record({
  name: fc.constantFrom('', 'Start', 'ImagePath', 'Größe', 'Привет', 'n'.repeat(40)),
  type: fc.constantFrom(1, 3, 4, 7, 11, 0xffff_0012),
  data: fc
    .tuple(size, fc.integer({ min: 0, max: 255 }))
    .map(([n, first]) => new Uint8Array(n).map((_, at) => (first + at) % 251)),
});
const someEdit: fc.Arbitrary<HiveEdit> = fc.oneof(
  value.map(one => setValue(service, one)),
  value.map(({ name }): HiveEdit => ({ kind: 'remove-value', key: service, name })),
);

test('any edits give what they ask for, leave a whole hive, and can be undone to the byte', () => {
  const versions = fc.constantFrom(3, 5, 6);
  fc.assert(
    fc.property(versions, fc.array(someEdit, { minLength: 1, maxLength: 8 }), (minorVersion, edits) => {
      const file = buildHive({ root: system, minorVersion });
      const { hive } = edit(file, edits);
      const expected = new Map<string, { type: number; data: Uint8Array }>([
        ['Start', { type: 4, data: encodeDword(0) }],
        ['ImagePath', { type: 1, data: encodeText('system32\\drivers\\cntflt.sys') }],
      ]);
      for (const one of edits) {
        if (one.kind === 'set-value') expected.set(one.name, { type: one.type, data: one.data });
        else if (one.kind === 'remove-value') expected.delete(one.name);
      }
      const found = hive
        .values(hive.findKey(service)!)
        .map(one => [one.name, { type: one.type, data: hive.dataOf(one) }]);
      assert.deepEqual(new Map(found as [string, { type: number; data: Uint8Array }][]), expected);
      assert.deepEqual(decodeTextList(dataAt(hive, disk, 'UpperFilters')!), ['partmgr', 'cntflt', 'volsnap']);
    }),
    { numRuns: 150 },
  );
});

describe('hivex reads edited hives back', () => {
  test('after a value of every size', { skip: withoutHivex }, () => {
    fc.assert(
      fc.property(fc.array(someEdit, { minLength: 1, maxLength: 6 }), edits => {
        const { hive, bytes } = edit(buildHive({ root: system }), edits);
        const all = [...hive.walk()];
        // hivexsh shows texts, not bytes, of text values: the binary ones carry the proof.
        const shown = all.filter(({ key: one }) =>
          hive.values(one).every(({ type }) => type === 3 || one.name !== 'cntflt'),
        );
        assert.equal(
          listWithHivex(
            bytes,
            shown.map(one => one.path),
          ),
          listLikeHivex(hive, shown),
        );
      }),
      { numRuns: 15 },
    );
  });

  test(
    'a real hive with a driver disabled and its filter entry removed',
    { skip: withoutSamples || withoutHivex },
    () => {
      const file = readSample('SYSTEM_B');
      const logs = {
        LOG1: memorySource(readSample('SYSTEM_B.LOG1')),
        LOG2: memorySource(readSample('SYSTEM_B.LOG2')),
      };
      const partmgr = {
        kind: 'remove-list-entry',
        key: disk,
        name: 'UpperFilters',
        entry: 'partmgr',
      } as const;
      const long = {
        name: 'Note',
        type: valueTypes.textList,
        data: encodeTextList(['a'.repeat(9000), 'b'.repeat(9000)]),
      };
      const { bytes } = edit(
        file,
        [setValue('ControlSet001\\Services\\disk', dword('Start', 4)), partmgr, setValue('Select', long)],
        logs,
      );
      assert.equal(getWithHivex(bytes, 'ControlSet001\\Services\\disk', 'Start').trim(), '4');
      assert.ok(!listWithHivex(bytes, [disk]).includes('UpperFilters'));
      assert.match(listWithHivex(bytes, ['Select']), /"Note"=hex\(7\):61,00,61/);
    },
  );

  test('sixty edits all over a real hive', { skip: withoutSamples || withoutHivex }, () => {
    const file = readSample('SYSTEM');
    const real = recover(file).hive;
    const keys = [...real.walk()].slice(1);
    const sizes = [0, 3, 4, 5, 100, 5000, 20_000, 60_000];
    const edits = Array.from({ length: 60 }, (_, at): HiveEdit => {
      const { path, key: found } = keys[(at * 7919) % keys.length]!;
      const [first] = real.values(found);
      const name = first && at % 3 !== 0 ? first.name : `new ${at}`;
      if (at % 4 === 1) return { kind: 'remove-value', key: path, name };
      const data = new Uint8Array(sizes[at % sizes.length]!).map((_, byte) => (byte * 7 + at) % 251);
      return { kind: 'set-value', key: path, name, type: valueTypes.binary, data };
    });
    const { hive, bytes, plan: made } = edit(file, edits);
    assert.deepEqual(new Set(made.effects), new Set(['added', 'changed', 'removed', 'unchanged']));
    const all = [...hive.walk()];
    assertSameLines(
      listWithHivex(
        bytes,
        all.map(one => one.path),
      ).split('\n'),
      listLikeHivex(hive, all).split('\n'),
    );
  });
});

describe('edits of keys', () => {
  const create = (path: string): HiveEdit => ({ kind: 'create-key', key: path });
  const remove = (path: string): HiveEdit => ({ kind: 'remove-key', key: path });
  const pathsOf = (hive: Hive) => [...hive.walk()].map(one => one.path.toUpperCase());
  /** How many keys the one access list of a built hive counts. */
  const referencesOf = ({ source, root }: Hive) =>
    new DataView(source.read(4096 + root!.security! + 4 + 12, 4).slice().buffer).getUint32(0, true);
  /** The list of subkeys of the root, as it stands in the file. */
  const listOf = ({ source, root }: Hive) =>
    source.read(4096 + root!.subkeyList! + 4, 4 + root!.subkeyCount * 8);

  test('a key comes where its name stands, with a value, and goes with everything below it', () => {
    const file = buildHive({ root: system });
    const made = edit(file, [create(`${service}\\Größe`), setValue(`${service}\\größe`, dword('x', 1))]);
    assert.deepEqual(made.plan.effects, ['added', 'added']);
    assert.equal(made.hive.findKey(`${service}\\Größe`)?.writtenAt, '2024-01-01T00:00:00.000Z');
    assert.deepEqual(dataAt(made.hive, `${service}\\Größe`, 'x'), encodeDword(1));
    assert.equal(made.bytes.length, file.length);
    assert.equal(referencesOf(made.hive), pathsOf(made.hive).length);
    const gone = edit(made.bytes, [remove('controlset001'), remove('ControlSet001')]);
    assert.deepEqual(gone.plan.effects, ['removed', 'unchanged']);
    assert.deepEqual(pathsOf(gone.hive), ['']);
    assert.equal(referencesOf(gone.hive), 1);
  });

  test('Windows finds the new name by its hash or by its first letters', () => {
    const names = ['Abc', 'Größe', 'z'];
    for (const subkeyLists of ['lh', 'lf'] as const) {
      const all = buildHive({
        root: key(
          'ROOT',
          [],
          names.map(name => key(name)),
        ),
        subkeyLists,
      });
      const { hive } = edit(buildHive({ root: key('ROOT', [], [key('Abc'), key('z')]), subkeyLists }), [
        create('Größe'),
      ]);
      const whole = openHive(memorySource(all));
      assert.ok(whole.ok);
      const signs = (list: Uint8Array) => [0, 1, 2].map(at => [...list.subarray(8 + at * 8, 12 + at * 8)]);
      assert.deepEqual(signs(listOf(hive)), signs(listOf(whole.hive)));
    }
  });

  test('any keys made and removed, in every kind of list, leave what they say', () => {
    const name = fc.constantFrom('A', 'a b', 'Größe', 'Привет', 'm', 'Z', 'n'.repeat(60));
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('\\'));
    const edits = fc.array(fc.tuple(fc.boolean(), path), { minLength: 1, maxLength: 20 });
    const kinds = fc.constantFrom('lf', 'lh', 'li');
    fc.assert(
      fc.property(kinds, fc.constantFrom(2, 500), edits, (subkeyLists, splitAt, wanted) => {
        const keys = ['b', 'd', 'f', 'm', 'x'].map(one => key(one, [text('v', one)], [key('A'), key('Z')]));
        const file = buildHive({ root: key('ROOT', [], keys), subkeyLists, splitAt });
        const expected = new Set(pathsOf(recover(file).hive));
        const made = wanted.flatMap(([isNew, one]): HiveEdit[] => {
          const folded = one.toUpperCase();
          const parent = folded.slice(0, Math.max(folded.lastIndexOf('\\'), 0));
          if (!expected.has(parent)) return [];
          if (isNew) expected.add(folded);
          else for (const old of expected) if (`${old}\\`.startsWith(`${folded}\\`)) expected.delete(old);
          return [isNew ? create(one) : remove(one)];
        });
        const { hive } = edit(file, made);
        assert.deepEqual(new Set(pathsOf(hive)), expected);
        assert.equal(referencesOf(hive), expected.size);
      }),
      { numRuns: 100 },
    );
  });

  test(
    'hivex reads more keys than fit into one list, and the hive without them',
    { skip: withoutHivex },
    () => {
      const many = Array.from({ length: 499 }, (_, at) => key(`key ${at}`));
      const made = edit(
        buildHive({ root: key('ROOT', [], [key('A', [], many), key('B')]) }),
        ['0', 'key 3a', 'key z'].map(name => create(`A\\${name}`)),
      );
      const names = [...made.hive.walk()].map(one => one.key.name);
      const told = (bytes: Uint8Array) => keysWithHivex(bytes).map(one => one.slice(0, one.lastIndexOf(' ')));
      assert.deepEqual(told(made.bytes), names);
      const gone = edit(made.bytes, [remove('A')]);
      assert.deepEqual(
        told(gone.bytes),
        [...gone.hive.walk()].map(one => one.key.name),
      );
    },
  );

  for (const [code, one] of [
    ['key-absent', create('None\\Below')],
    ['key-absent', create('')],
    ['name-too-long', create('n'.repeat(256))],
    ['key-absent', create('ControlSet001\\')],
  ] as const)
    test(`${code}: ${one.key.slice(0, 20)}`, () => {
      const result = planEdits(recover(buildHive({ root: system })), [one]);
      assert.equal(!result.ok && result.problem.code, code);
    });

  test('keys that are links, or that Windows keeps from being removed, stay with all above them', () => {
    for (const flag of [0x02, 0x04, 0x08, 0x10, 0x40]) {
      const file = buildHive({ root: system }).slice();
      const { offset } = recover(file).hive.findKey(service)!;
      file[offset + 2] = file[offset + 2]! | flag;
      const result = planEdits(recover(file), [remove('ControlSet001')]);
      assert.equal(!result.ok && result.problem.code, 'key-not-editable', String(flag));
    }
  });
});
