import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { type KeyPlan, dword, key, list } from '../../../agent/lab/registry/key-plan.ts';
import { buildDirtyHive } from '../../../agent/lab/registry/log-builder.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { applyPatches } from '../../../shared/registry/byte-patch.ts';
import { openHive } from '../../../shared/registry/hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { type RecoveredHive, recoverHive } from '../../../shared/registry/recover-hive.ts';
import {
  decodeTextList,
  encodeDword,
  encodeText,
  encodeTextList,
  valueTypes,
} from '../../../shared/registry/value-type.ts';
import { assertSameLines, getWithHivex, withoutHivex, listLikeHivex, listWithHivex } from './hivex.ts';
import { readSample, withoutSamples } from './samples.ts';
import { disk, system, recover, plan, patched, edit, dataAt, setValue, service } from './edited-hive.ts';

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
