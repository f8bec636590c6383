import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPendingTransaction } from '../../../agent/lab/logs/pending-transaction.ts';
import { readPendingTransaction } from '../../../shared/bootlog/read-pending-transaction.ts';
import { xmlTagsOf } from '../../../shared/bootlog/xml-tags.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';

const rollup = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.7';
const file = {
  source: String.raw`\SystemRoot\WinSxS\amd64_x\tcpip.sys`,
  destination: String.raw`\??\C:\Windows\System32\drivers\A & "B"\tcpip.sys`,
};
const whole = buildPendingTransaction({
  packages: [{ identity: rollup, components: 3 }],
  files: [file, file],
});

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));
const read = (bytes: Uint8Array) => readPendingTransaction(memorySource(bytes));

function readGood(bytes: Uint8Array) {
  const result = read(bytes);
  assert.ok(result.ok);
  return result.transaction;
}

test('what the next start is asked to do', () => {
  assert.deepEqual(readGood(whole), {
    format: 'pending-transaction',
    identifier: '916ae75edb30da0146730000dc1be027',
    version: '3.1',
    servicingStackVersion: '10.0.22621.2567 (WinBuild.160101.0800)',
    isPending: true,
    packages: [rollup],
    componentChanges: 3,
    operations: { HardlinkFile: 2 },
    actionsAfter: ['reboot'],
    isWhole: true,
    problems: [],
  });
});

test('a transaction that was left behind empty asks for nothing', () => {
  const empty = readGood(buildPendingTransaction({ packages: [], files: [] }));
  assert.partialDeepStrictEqual(empty, { isPending: false, packages: [], problems: [] });
  assert.equal(readGood(bytesOf('<PendingTransaction/>')).isPending, false);
  const marks = '<PendingTransaction><POQ><BeginTransaction id="1"/><Checkpoint/></POQ></PendingTransaction>';
  assert.equal(readGood(bytesOf(marks)).isPending, false);
});

test('actions of installers alone are work too', () => {
  const text =
    '<PendingTransaction><InstallerQueue Length="0x1"><Action Installer="x"/></InstallerQueue></PendingTransaction>';
  assert.equal(readGood(bytesOf(text)).isPending, true);
});

test('a file that was cut off tells what it still holds', () => {
  for (let cut = 220; cut < whole.length - 24; cut += 11) {
    const transaction = readGood(whole.subarray(0, cut));
    assert.equal(transaction.isWhole, false);
    assert.deepEqual(
      transaction.problems.map(problem => problem.code),
      ['cut-off'],
      `cut at ${cut}`,
    );
  }
});

test('of a long file the head is read and said so', () => {
  const files = Array.from({ length: 40_000 }, () => file);
  const transaction = readGood(
    buildPendingTransaction({ packages: [{ identity: rollup, components: 1 }], files }),
  );
  assert.equal(transaction.isWhole, false);
  assert.deepEqual(transaction.packages, [rollup]);
  assert.ok((transaction.operations['HardlinkFile'] ?? 0) > 10_000);
  assert.deepEqual(
    transaction.problems.map(problem => problem.code),
    ['too-long'],
  );
});

test('no entity is ever expanded', () => {
  const laughs =
    '<!DOCTYPE x [<!ENTITY a "aaaa">]><PendingTransaction Identifier="&a;"></PendingTransaction>';
  const before = read(bytesOf(laughs));
  assert.ok(!before.ok);
  assert.deepEqual([before.problem.code, before.problem.line], ['declaration-refused', 1]);
  const after = readGood(
    bytesOf('<PendingTransaction Identifier="&a;&amp;">\n<!DOCTYPE x>\n</PendingTransaction>'),
  );
  assert.equal(after.identifier, '&a;&');
  assert.deepEqual(
    after.problems.map(problem => problem.code),
    ['declaration-refused', 'cut-off'],
  );
});

test('a file that is something else is refused', () => {
  for (const text of ['', 'hello', '<data><PendingTransaction/></data>']) {
    const result = read(bytesOf(text));
    assert.ok(!result.ok);
    assert.equal(result.problem.code, 'not-a-pending-transaction', text);
  }
});

test('tags with quotes, comments, instructions and references', () => {
  const text = `<?xml version='1.0'?><!-- <no/> --><a b='1 > 0' c:d="&lt;&#65;&#x42;&quot;"><![CDATA[<no/>]]><e/></a>`;
  const tags = [...xmlTagsOf(text)];
  assert.deepEqual(
    tags.map(tag => [tag.kind, 'name' in tag ? tag.name : '']),
    [
      ['start', 'a'],
      ['start', 'e'],
      ['end', 'a'],
    ],
  );
  const [first] = tags;
  assert.ok(first?.kind === 'start');
  assert.deepEqual(
    [...first.attributes],
    [
      ['b', '1 > 0'],
      ['c:d', '<AB"'],
    ],
  );
  for (const broken of ['<a', '<1>', '<!-- x', '<a b="']) {
    assert.deepEqual(
      [...xmlTagsOf(broken)].map(tag => tag.kind),
      ['broken'],
    );
  }
});
