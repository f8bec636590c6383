import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { readAnything, readDamaged, wholeDumps } from './damaged-dumps.ts';

test('whole dumps of every kind are read without a complaint about damage', () => {
  const harmless = ['encrypted', 'not-a-crash', 'format-not-covered', 'encoded', 'not-in-dump'];
  for (const [kind, bytes] of Object.entries(wholeDumps)) {
    const codes = readAnything(memorySource(bytes));
    assert.deepEqual(
      codes.filter(code => !harmless.includes(code)),
      [],
      kind,
    );
  }
});

test('a dump of any kind that was cut off anywhere tells what it still holds and that it was cut off', () => {
  for (const [kind, bytes] of Object.entries(wholeDumps)) {
    if (kind === 'encrypted' || kind === 'arm64') continue;
    const tagged = Buffer.from(bytes).lastIndexOf('DumpBlob');
    const end = tagged < 0 ? bytes.length : tagged;
    const lengths = new Set([
      0, 7, 8, 0x3f, 0x40, 0x5f, 0x60, 0xf98, 0xf9c, 0x1fff, 0x2000, 0x2007, 0x2038, 0x2070,
    ]);
    for (let at = 0; at < end; at += 4096) for (const near of [-1, 0, 1]) lengths.add(at + near);
    for (let at = 0x2000; at < 0x2100; at += 8) lengths.add(at);
    for (const length of lengths) {
      if (length < 0 || length >= end) continue;
      const codes = readAnything(memorySource(bytes.subarray(0, length)));
      const told = ['cut-off', 'too-short', 'end-mark-missing'];
      assert.ok(
        codes.some(code => told.includes(code)),
        `${kind} cut at ${length}: ${codes.join()}`,
      );
    }
  }
});

test('a cut through the memory of a full dump keeps what stands before it', () => {
  const whole = readCrashDump(memorySource(wholeDumps.full!));
  const seen = new Set<number>();
  for (let length = 0x2000; length < wholeDumps.full!.length; length += 4096) {
    const part = readCrashDump(memorySource(wholeDumps.full!.subarray(0, length)));
    assert.ok(whole.ok && part.ok);
    assert.deepEqual(part.dump.bugcheck, whole.dump.bugcheck);
    for (const { base } of part.dump.modules)
      assert.ok(whole.dump.modules.some(module => module.base === base));
    seen.add(part.dump.modules.length);
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [0, 1, 2, 3],
  );
});

test('damage that a long run has found stays harmless', () => {
  const inPageFile = { cutAt: null, unreadableFrom: null, roll: 0 };
  // A stack of lied size that contradicts a data block inside of it.
  readDamaged({
    kind: 'triage',
    edits: [
      { at: 0x202c, value: 2523441008, width: 8 },
      { at: 0x2064, value: 8192, width: 1 },
    ],
    ...inPageFile,
  });
  // A stack at the very end of the address space.
  readDamaged({
    kind: 'triage by the kernel',
    edits: [
      { at: 0x30, value: 8192, width: 8 },
      { at: 0x3e0, value: 23956, width: 8 },
      { at: 0x90, value: 252, width: 8 },
      { at: 0x2048, value: 4294967295, width: 8 },
      { at: 988898, value: 1, width: 1 },
    ],
    ...inPageFile,
  });
});
