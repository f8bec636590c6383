import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type MemoryDumpOptions,
  buildMemoryDump,
  pageFileSource,
} from '../../../agent/lab/evidence/memory-dump.ts';
import { buildTriageDump32 } from '../../../agent/lab/evidence/triage-dump-32.ts';
import { type LabCrash, buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { type CrashDumpProblem, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { type ExtractProblem, makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import type { MissingCode } from '../../../shared/crashdump/missing-parts.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { type Damage, damagesOf, withDamage, withHole } from '../../support/damage.ts';
import type { FuzzDepth, FuzzedReader } from '../../support/fuzz.ts';
import { type Measure, unmeasured } from '../../support/memory-meter.ts';

const nt = 0xfffff80000000000n;
const filter = 0xfffff80020000000n;
const stackPointer = 0xffffa00000001f80n;

/** A small crash with something of everything, so that damage anywhere is met by a reader. */
const crash: LabCrash = {
  osBuild: 19041,
  processors: 2,
  bugcheck: { code: 0x7e, parameters: [0xffffffffc0000005n, 0n, 0xffffa00000003000n, 0xffffa00000003100n] },
  capturedAt: new Date('2024-01-01T00:00:00Z'),
  upTimeSeconds: 5,
  process: 'lsass.exe',
  modules: [
    { path: String.raw`\SystemRoot\system32\ntoskrnl.exe`, base: nt, sizeBytes: 0x1000000, timeDateStamp: 7 },
    { path: String.raw`\??\C:\Tools\poke.sys`, base: filter, sizeBytes: 0x20000, timeDateStamp: 0x60000000 },
    { path: 'x.sys', base: filter + 0x40000n, sizeBytes: 0x2000, timeDateStamp: 9 },
  ],
  unloaded: [{ name: 'gone.sys', start: filter + 0x80000n, end: filter + 0x90000n }],
  instruction: nt + 0x3fbca0n,
  stackPointer,
  stack: Array.from({ length: 64 }, (_, index) =>
    index % 5 === 0 ? filter + 0x1000n + BigInt(index) : BigInt(index),
  ),
  memory: [{ address: 0xffffa00000003000n, bytes: new Uint8Array(0x600).fill(0x80) }],
  logonState: 'ShellStarted',
};
const crash32: LabCrash = {
  ...crash,
  bugcheck: { code: 0xd1, parameters: [4n, 2n, 0n, 0x90001234n] },
  modules: crash.modules.map((module, index) => ({
    ...module,
    base: 0x80000000n + BigInt(index) * 0x10000000n,
  })),
  unloaded: [{ name: 'gone.sys', start: 0xb0000000n, end: 0xb0010000n }],
  instruction: 0x80012345n,
  stackPointer: 0xa5001f00n,
  stack: [0n, 0x90002000n, 1n],
  memory: [{ address: 0xa5004000n, bytes: new Uint8Array(64) }],
};

const memoryDump = (options: MemoryDumpOptions) => buildMemoryDump(options.paging ? crash32 : crash, options);

/** Whole dumps of every kind. */
export const wholeDumps: Readonly<Record<string, Uint8Array>> = {
  triage: buildTriageDump(crash),
  'triage by the kernel': buildTriageDump({ ...crash, origin: 'by-kernel' }),
  full: memoryDump({ dumpType: 1 }),
  summary: memoryDump({ dumpType: 2 }),
  bitmap: memoryDump({ dumpType: 5, stride: 3 }),
  'kernel memory': memoryDump({ dumpType: 8 }),
  'complete memory': memoryDump({ dumpType: 10, imageMapping: 'left-out' }),
  encoded: memoryDump({ dumpType: 6, encodesDebuggerData: true }),
  encrypted: memoryDump({ dumpType: 5, attributes: 0x100 }),
  live: memoryDump({ dumpType: 6, attributes: 0x10 }),
  arm64: memoryDump({ dumpType: 1, architecture: 'arm64' }),
  'triage, 32 bit': buildTriageDump32(crash32),
  'full, 32 bit': memoryDump({ dumpType: 1, paging: 'x86' }),
  'full, PAE': memoryDump({ dumpType: 1, paging: 'pae' }),
};

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

/** What reading a file came to: every code of a problem or of a missing part, of dump and extract. */
export function readAnything(source: ByteSource, checks: FuzzDepth = 'all'): string[] {
  const result = readCrashDump(source);
  const found = result.ok ? result.dump.missing.map(part => part.code) : [result.problem.code];
  if (result.ok) assert.ok(result.dump.missing.length <= 64);
  if (checks === 'few') return found;
  const extract = makeExtract(source);
  if (!extract.ok) found.push(extract.problem.code);
  if (!result.ok) {
    assert.ok(!extract.ok);
    assert.ok(result.problem.message.length > 20 && result.problem.structure !== undefined);
    return found;
  }
  assert.ok(crashDumpSchema.safeParse(result.dump).success);
  if (extract.ok) {
    assert.ok(extract.bytes.length <= maxExtractBytes);
    const again = readCrashDump(memorySource(extract.bytes));
    assert.ok(again.ok);
    assert.deepEqual({ ...again.dump, missing: [] }, { ...result.dump, format: 'triage', missing: [] });
  }
  return found;
}

const headerPlaces = [
  0x0c, 0x10, 0x18, 0x20, 0x24, 0x28, 0x30, 0x34, 0x38, 0x5c, 0x64, 0x68, 0x6c, 0x80, 0x88, 0x90, 0x98, 0xa0,
  0x3e0, 0x440, 0xf88, 0xf98, 0x1030, 0x1050,
];
const structures = fc.oneof(
  fc.constantFrom(...headerPlaces),
  fc.nat(0x20).map(index => 0x2000 + index * 4),
  fc.nat(0x20).map(index => 0x1000 + index * 4),
);

/** Has a damaged dump read; of ten one lies in a page file. */
export function readDamaged(
  damage: Damage,
  checks: FuzzDepth = 'all',
  measure: Measure = unmeasured,
): string[] {
  return withDamage(wholeDumps[damage.kind]!, damage, bytes => {
    const isInPageFile = damage.roll % 10 === 0;
    const source = isInPageFile ? pageFileSource(bytes, bytes.length + 0x100000) : memorySource(bytes);
    return measure(bytes.length, () => readAnything(withHole(source, damage.unreadableFrom), checks));
  });
}

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

/** Dumps of every kind and their extracts. */
export const crashDumpReader: FuzzedReader = {
  name: 'crash-dump',
  codes: Object.keys(everyCode),
  damages: damagesOf(Object.keys(wholeDumps), { places: structures }),
  read: readDamaged,
  extremes: [
    measure => {
      const bytes = withLongNames();
      return measure(bytes.length, () => readAnything(memorySource(bytes)));
    },
  ],
};
