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
import { crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

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

/** What reading a file came to: every code of a problem or of a missing part, of dump and extract. */
export function readAnything(source: ByteSource, checks: 'all' | 'few' = 'all'): string[] {
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

/** A dump with damage: bytes written over, a cut, places that cannot be read, or a page file around it. */
export interface Damage {
  readonly kind: string;
  readonly edits: readonly (readonly [at: number, value: number, width: 1 | 4 | 8])[];
  readonly cutAt: number | null;
  readonly unreadableFrom: number | null;
  readonly isInPageFile: boolean;
}

const headerPlaces = [
  0x0c, 0x10, 0x18, 0x20, 0x24, 0x28, 0x30, 0x34, 0x38, 0x5c, 0x64, 0x68, 0x6c, 0x80, 0x88, 0x90, 0x98, 0xa0,
  0x3e0, 0x440, 0xf88, 0xf98, 0x1030, 0x1050,
];
const values = [0, 1, 8, 0x1fff, 0x2000, 0x45474150, 0x7fffffff, 0x80000000, 0xffff8000, 0xffffffff];

/** A place: anywhere, or where the head of some structure stands. */
const places = fc.oneof(
  { weight: 3, arbitrary: fc.nat(0xfffff) },
  { weight: 2, arbitrary: fc.constantFrom(...headerPlaces) },
  { weight: 2, arbitrary: fc.nat(0x20).map(index => 0x2000 + index * 4) },
  { weight: 1, arbitrary: fc.nat(0x20).map(index => 0x1000 + index * 4) },
);
const values32 = fc.oneof(fc.constantFrom(...values), fc.nat(0x10000), fc.nat(0xffffffff));

const sometimes = <Value>(one: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });

export const damages: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(...Object.keys(wholeDumps)),
  edits: fc.array(fc.tuple(places, values32, fc.constantFrom(1 as const, 4 as const, 8 as const)), {
    maxLength: 6,
  }),
  cutAt: sometimes(fc.nat(0xfffff)),
  unreadableFrom: sometimes(fc.nat(0xfffff)),
  isInPageFile: fc.nat(9).map(roll => roll === 0),
});

/** Applies damage to a dump, has it read, and takes the damage back, which is quicker than to copy the dump. */
export function readDamaged(damage: Damage, checks: 'all' | 'few' = 'all'): string[] {
  const whole = wholeDumps[damage.kind]!;
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  const undo: [number, number][] = [];
  for (const [place, value, width] of damage.edits) {
    const at = place % whole.length;
    for (let byte = 0; byte < width && at + byte < whole.length; byte++) {
      undo.push([at + byte, view.getUint8(at + byte)]);
      view.setUint8(at + byte, byte < 4 ? (value >>> (byte * 8)) & 0xff : 0xff);
    }
  }
  try {
    const bytes = damage.cutAt === null ? whole : whole.subarray(0, damage.cutAt % (whole.length + 1));
    const source = damage.isInPageFile ? pageFileSource(bytes, bytes.length + 0x100000) : memorySource(bytes);
    return readAnything(withHole(source, damage.unreadableFrom), checks);
  } finally {
    for (const [at, value] of undo.reverse()) view.setUint8(at, value);
  }
}

/** A source of which 64 kB cannot be read. */
function withHole(source: ByteSource, from: number | null): ByteSource {
  if (from === null) return source;
  const start = from % (source.sizeBytes + 1);
  return {
    sizeBytes: source.sizeBytes,
    read(offset, lengthBytes) {
      const isHit = offset < start + 0x10000 && offset + lengthBytes > start;
      return isHit ? source.read(offset, Math.max(start - offset, 0)) : source.read(offset, lengthBytes);
    },
  };
}
