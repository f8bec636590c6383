import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  appendRecord,
  beginJournal,
  findJournal,
  type Intent,
  type Journal,
} from '../../../agent/core/journal.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';

const attemptId = '01900000-0000-7000-8000-000000000001';
const path = parsePath(`C:\\ProgramData\\Bootmend\\journal\\${attemptId}.journal`);

function write() {
  const disk = new MemoryDisk();
  const host = createMemoryHost({ disks: { C: disk }, startReason: { kind: 'failed-boot' } });
  const name = { attemptId, episode: '0'.repeat(32), scriptSha256: '0'.repeat(64) };
  let journal: Journal = beginJournal(host, 'C:\\', name, '');
  const intents = [1, 2, 3].map((number): Intent => {
    const to = `\\ProgramData\\Bootmend\\quarantine\\${attemptId}\\${number}`;
    const from = `\\Windows\\${number}.sys`;
    return { kind: 'intent', number, line: 8, action: 'delete', from, to, sizeBytes: number, writtenAtMs: 5 };
  });
  for (const intent of intents) journal = appendRecord(host, journal, intent);
  return { disk, host, journal, intents, bytes: disk.read(path, 0, 1e6) };
}

test('a journal reads back, and goes on after a restart', () => {
  const { host, intents, journal } = write();
  const read = findJournal(host, 'C:\\', attemptId);
  assert.ok(read);
  assert.deepEqual(read, journal);
  appendRecord(host, read, { kind: 'applied' });
  assert.deepEqual(
    [findJournal(host, 'C:\\', attemptId)?.intents, findJournal(host, 'C:\\', attemptId)?.state],
    [intents, 'applied'],
  );
});

test('cut at any byte, with nothing or zeros behind, it keeps what was whole and goes on', () => {
  const { disk, host, intents, bytes } = write();
  for (let length = 0; length <= bytes.length; length++) {
    for (const tail of [0, 40]) {
      disk.place(path.components, {
        bytes: new Uint8Array([...bytes.subarray(0, length), ...new Uint8Array(tail)]),
      });
      const torn = findJournal(host, 'C:\\', attemptId);
      assert.ok(torn, `${length}`);
      assert.deepEqual(torn.intents, intents.slice(0, torn.intents.length));
      appendRecord(host, torn, { kind: 'undone' });
      assert.deepEqual(findJournal(host, 'C:\\', attemptId)?.state, 'undone');
      assert.deepEqual(findJournal(host, 'C:\\', attemptId)?.intents, torn.intents);
    }
  }
});

test('whatever the bytes, reading never throws and never invents a change', () => {
  const { disk, host, intents, bytes } = write();
  const known = new Set(intents.map(intent => JSON.stringify(intent)));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), changes => {
      const damaged = bytes.slice();
      for (const [at, byte] of changes) damaged[at] = byte;
      disk.place(path.components, { bytes: damaged });
      for (const intent of findJournal(host, 'C:\\', attemptId)?.intents ?? [])
        assert.ok(known.has(JSON.stringify(intent)));
    }),
    { numRuns: 400 },
  );
});
