import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import type { CrashDumpProblem } from '../../../shared/crashdump/crash-dump.ts';
import type { ExtractProblem } from '../../../shared/crashdump/extract.ts';
import type { MissingCode } from '../../../shared/crashdump/missing-parts.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { damages, readAnything, readDamaged, wholeDumps } from './damaged-dumps.ts';

/** Every code there is: the types make this table complete. */
const everyCode: Readonly<Record<MissingCode | CrashDumpProblem['code'] | ExtractProblem['code'], true>> = {
  'cut-off': true,
  encrypted: true,
  unreadable: true,
  'not-written': true,
  'out-of-file': true,
  'too-many': true,
  'unreadable-name': true,
  'end-mark-missing': true,
  'not-a-crash': true,
  'format-not-covered': true,
  'not-in-dump': true,
  'not-mapped': true,
  'map-damaged': true,
  'broken-list': true,
  encoded: true,
  'too-short': true,
  'not-a-kernel-dump': true,
  'too-large': true,
};

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

test('damage to any kind of dump never makes the reader fail, and every code is reached', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(damages, damage => {
      for (const code of readDamaged(damage)) reached.add(code);
    }),
    { numRuns: 2500, seed: 20240719 },
  );
  for (const code of readAnything(memorySource(withLongNames()))) reached.add(code);
  assert.deepEqual([...reached].sort(), Object.keys(everyCode).sort());
});

test('damage that a long run has found stays harmless', () => {
  const isInPageFile = true;
  const undamaged = { cutAt: null, unreadableFrom: null, isInPageFile };
  // A stack of lied size that contradicts a data block inside of it.
  readDamaged({
    kind: 'triage',
    edits: [
      [0x202c, 2523441008, 8],
      [0x2064, 8192, 1],
    ],
    ...undamaged,
  });
  // A stack at the very end of the address space.
  readDamaged({
    kind: 'triage by the kernel',
    edits: [
      [0x30, 8192, 8],
      [0x3e0, 23956, 8],
      [0x90, 252, 8],
      [0x2048, 4294967295, 8],
      [988898, 1, 1],
    ],
    ...undamaged,
  });
});

/** More drivers with longer names than an extract has room for. */
function withLongNames(): Uint8Array {
  const large = new Uint8Array(4 * 1024 * 1024);
  large.set(wholeDumps.triage!);
  const bytes = new DataView(large.buffer);
  const [list, name] = [0x200000, 0x300000];
  bytes.setUint32(name, 1024, true);
  for (let at = 0; at < 1024; at++) bytes.setUint16(name + 4 + at * 2, 0x41, true);
  for (let at = list; at < name; at += 0x90) bytes.setUint32(at, name, true);
  bytes.setUint32(0x2030, list, true);
  bytes.setUint32(0x2034, 0xffffffff, true);
  return large;
}
