import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive } from '../../../agent/lab/registry/hive-builder.ts';
import { dword, key, text } from '../../../agent/lab/registry/key-plan.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import type { HiveEdit } from '../../../shared/registry/hive-edit.ts';
import { planEdits } from '../../../shared/registry/plan-edits.ts';
import { encodeDword } from '../../../shared/registry/value-type.ts';
import { getWithHivex, keysWithHivex, withoutHivex } from './hivex.ts';
import { system, recover, edit, dataAt, setValue, service } from './edited-hive.ts';

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

  for (const subkeyLists of ['lf', 'lh', 'li'] as const)
    test(
      `hivex reads keys made and removed among four thousand others, in lists of ${subkeyLists} below an index`,
      { skip: withoutHivex },
      () => {
        const many = Array.from({ length: 4000 }, (_, at) => key(`Key ${String(at).padStart(4, '0')}`));
        const root = key('ROOT', [], [key('A', [], many)]);
        const file = buildHive({ root, subkeyLists, splitAt: 500 });
        const [first, last, between] = ['Aaa', 'Zzz', 'key 2000 and a half'];
        const { bytes, hive } = edit(file, [
          ...[first, last, between].map(name => create(`A\\${name}`)),
          ...['Key 0000', 'KEY 1999', 'Key 3999'].map(name => remove(`A\\${name}`)),
          setValue(`A\\${between}`, dword('Found', 1)),
        ]);
        const names = [...hive.walk()].map(one => one.key.name);
        assert.equal(names.length, 4002);
        assert.deepEqual(
          names.slice(2),
          names.slice(2).toSorted((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1)),
        );
        assert.deepEqual(
          keysWithHivex(bytes).map(one => one.slice(0, one.lastIndexOf(' '))),
          names,
        );
        assert.equal(getWithHivex(bytes, `A\\${between}`, 'Found').trim(), '1');
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
