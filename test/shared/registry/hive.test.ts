import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { buildHive, type HivePlan } from '../../../agent/lab/registry/hive-builder.ts';
import {
  binary,
  dword,
  expandable,
  key,
  type KeyPlan,
  list,
  qword,
  text,
} from '../../../agent/lab/registry/key-plan.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { checkHive } from '../../../shared/registry/check-hive.ts';
import { fileTimeOfInstant, instantOfFileTime } from '../../../shared/registry/file-time.ts';
import { type Hive, openHive } from '../../../shared/registry/hive.ts';
import type { HiveKey } from '../../../shared/registry/key-node.ts';
import {
  decodeNumber,
  decodeText,
  decodeTextList,
  encodeTextList,
  nameOfType,
} from '../../../shared/registry/value-type.ts';
import { withoutHivex, listLikeHivex, listWithHivex } from './hivex.ts';

function open(plan: HivePlan): Hive {
  const opened = openHive(memorySource(buildHive(plan)));
  assert.ok(opened.ok);
  return opened.hive;
}

/** A key of a hive in the form of the plan it was built from. */
function planOf(hive: Hive, found: HiveKey): KeyPlan {
  return {
    name: found.name,
    values: hive
      .values(found)
      .map(value => ({ name: value.name, type: value.type, data: hive.dataOf(value) })),
    keys: hive.subkeys(found).map(one => planOf(hive, one)),
  };
}

const sorted = (plan: KeyPlan): KeyPlan => ({
  name: plan.name,
  values: plan.values ?? [],
  keys: (plan.keys ?? [])
    .toSorted((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1))
    .map(sorted),
});

const name = fc.oneof(
  fc.constantFrom('Start', 'ÄÖÜ größe', 'ключ', '日本', 'x'.repeat(200)),
  fc.stringMatching(/^[A-Za-z0-9_{}-]{1,12}$/),
);
const plain = { noNullPrototype: true } as const;
const value = fc.record(
  {
    name: fc.oneof(fc.constant(''), name),
    type: fc.constantFrom(0, 1, 3, 4, 7, 11, 0x4000_0001),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(16_344, 16_345, 50_000).map(size => new Uint8Array(size).fill(7)),
    ),
  },
  plain,
);
const byName = <T extends { readonly name: string }>(
  arbitrary: fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<T[]> => fc.uniqueArray(arbitrary, { selector: one => one.name.toUpperCase(), maxLength });
const { tree } = fc.letrec<{ tree: KeyPlan; leaf: KeyPlan }>(tie => ({
  leaf: fc.record({ name, values: byName(value, 4) }, plain),
  tree: fc.record(
    {
      name,
      values: byName(value, 4),
      keys: byName(fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('tree')), 6),
    },
    plain,
  ),
}));

test('a hive reads back as it was built, whatever its version and lists', () => {
  const shape = fc.record({
    minorVersion: fc.constantFrom(3, 4, 5, 6),
    subkeyLists: fc.constantFrom<('lf' | 'lh' | 'li')[]>('lf', 'lh', 'li'),
    splitAt: fc.constantFrom(1, 2, 500),
  });
  fc.assert(
    fc.property(tree, shape, (root, plan) => {
      const hive = open({ root, ...plan });
      assert.deepEqual(planOf(hive, hive.root!), sorted(root));
      const check = checkHive(hive);
      assert.deepEqual([check.problems, check.lostCells], [[], 0]);
    }),
    { numRuns: 200 },
  );
});

test('hivex reads built hives as we do', { skip: withoutHivex }, () => {
  fc.assert(
    fc.property(tree, root => {
      const hive = open({ root });
      // Texts are compared elsewhere: hivexsh shows random bytes as a text only when they are one.
      const all = [...hive.walk()].filter(({ key: one }) => hive.values(one).every(({ type }) => type === 3));
      const bytes = hive.source.read(0, hive.source.sizeBytes);
      assert.equal(
        listWithHivex(
          bytes,
          all.map(one => one.path),
        ),
        listLikeHivex(hive, all),
      );
    }),
    { numRuns: 15 },
  );
});

describe('looking up', () => {
  const hive = open({
    root: key(
      'ROOT',
      [],
      [
        key('ControlSet001', [], [key('Größe', [text('', 'default'), dword('Start', 4)])]),
        key('Ключ', [list('Имя', 'а', 'б')]),
      ],
    ),
  });

  test('keys and values are found whatever their case', () => {
    const found = hive.findKey('\\controlSET001\\GRÖßE');
    assert.equal(found?.name, 'Größe');
    assert.equal(decodeText(hive.dataOf(hive.findValue(found, '')!)), 'default');
    assert.equal(hive.findValue(found, 'sTART')?.type, 4);
    const cyrillic = hive.findKey('кЛЮЧ')!;
    assert.deepEqual(decodeTextList(hive.dataOf(hive.findValue(cyrillic, 'иМЯ')!)), ['а', 'б']);
  });

  test('what is not there is undefined', () => {
    assert.equal(hive.findKey('ControlSet001\\none\\deeper'), undefined);
    assert.equal(hive.findValue(hive.root!, 'none'), undefined);
    assert.equal(hive.findKey(Array(600).fill('x').join('\\')), undefined);
  });

  test('a key knows when it was written', () => {
    assert.equal(hive.root?.writtenAt, '2024-01-01T00:00:00.000Z');
    assert.equal(
      instantOfFileTime(fileTimeOfInstant('2026-11-20T11:38:53.123Z')),
      '2026-11-20T11:38:53.123Z',
    );
    assert.deepEqual([instantOfFileTime(0n), instantOfFileTime(-1n & 0xffff_ffff_ffff_ffffn)], [null, null]);
  });
});

describe('types', () => {
  test('each decodes by its rule, and only when it is as long as its type', () => {
    assert.equal(decodeNumber(4, dword('', 0xffff_fffe).data), 0xffff_fffe);
    assert.equal(decodeNumber(5, Uint8Array.of(0, 0, 1, 0)), 256);
    assert.equal(decodeNumber(11, qword('', 5).data), 5n);
    assert.equal(decodeNumber(4, Uint8Array.of(1, 2)), undefined);
    assert.equal(decodeText(expandable('', '%SystemRoot%\\x').data), '%SystemRoot%\\x');
    assert.deepEqual([nameOfType(7), nameOfType(0xffff_0012)], ['REG_MULTI_SZ', '0xffff0012']);
  });

  test('a writer may leave out the NULs at the end', () => {
    assert.equal(decodeText(text('', 'abc').data.subarray(0, 6)), 'abc');
    assert.deepEqual(decodeTextList(encodeTextList(['a', 'b']).subarray(0, 6)), ['a', 'b']);
    assert.deepEqual(decodeTextList(new Uint8Array(2)), []);
    assert.deepEqual(decodeTextList(new Uint8Array(0)), []);
  });

  test('no more of a value is read than was asked for', () => {
    const large = new Uint8Array(40_000).fill(9);
    const hive = open({ root: key('ROOT', [binary('large', large)]) });
    assert.deepEqual(hive.dataOf(hive.findValue(hive.root!, 'large')!, 17_000), large.subarray(0, 17_000));
  });
});
