import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildCsagentCrash } from '../../../agent/lab/evidence/csagent-crash.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const whole = buildCsagentCrash({ capturedAt: new Date('2024-07-19T04:32:11.123Z') });
const view = new DataView(whole.buffer);
const endMarkAt = view.getUint32(0x2008, true);
/** Offsets in the table of contents that hold an offset, a size or a count. */
const contents = [
  0x04, 0x08, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x48, 0x4c, 0x60, 0x68, 0x6c, 0x70, 0x74,
  0x78, 0x7c,
];

function changed(edit: (bytes: DataView) => void): Uint8Array {
  const copy = whole.slice();
  edit(new DataView(copy.buffer));
  return copy;
}

/** Whatever the bytes are: an answer of the promised shape, or a problem with a code; the same for the extract. */
function readSafely(bytes: Uint8Array): CrashDump | undefined {
  const result = readCrashDump(memorySource(bytes));
  const extract = makeExtract(memorySource(bytes));
  if (extract.ok) {
    assert.ok(extract.bytes.length <= maxExtractBytes);
    const again = readCrashDump(memorySource(extract.bytes));
    assert.ok(result.ok && again.ok);
    assert.deepEqual({ ...again.dump, missing: [] }, { ...result.dump, format: 'triage', missing: [] });
  } else assert.match(extract.problem.code, /^[a-z-]+$/);
  if (!result.ok) {
    assert.match(result.problem.code, /^(too-short|not-a-kernel-dump)$/);
    assert.ok(result.problem.message.length > 20 && result.problem.structure);
    return undefined;
  }
  assert.ok(crashDumpSchema.safeParse(result.dump).success);
  assert.ok(result.dump.missing.length <= 64);
  return result.dump;
}

const missingCodes = (bytes: Uint8Array) => readSafely(bytes)?.missing.map(part => part.code) ?? [];

test('a dump that was cut off anywhere tells what it still holds and that it was cut off', () => {
  const starts = contents
    .map(field => view.getUint32(0x2000 + field, true))
    .filter(at => at > 0 && at < endMarkAt);
  const lengths = new Set<number>([endMarkAt, endMarkAt + 1, endMarkAt + 3]);
  for (let at = 0; at < 0x70; at++) lengths.add(at);
  for (let at = 0x70; at < 0x2100; at += 24) lengths.add(at);
  for (let at = 0x2100; at < endMarkAt; at += 509) lengths.add(at);
  for (const start of starts) for (const near of [-1, 0, 1, 8]) lengths.add(start + near);
  for (const length of lengths) {
    const dump = readSafely(whole.subarray(0, length));
    if (length < 0x60) assert.equal(dump, undefined);
    else {
      assert.equal(dump?.bugcheck.code, '0x50', `cut at ${length}`);
      assert.notDeepEqual(dump.missing, [], `cut at ${length}`);
    }
  }
  assert.deepEqual(readSafely(whole.subarray(0, endMarkAt + 4))?.missing, []);
});

test('a dump that lies about its contents is read without harm', () => {
  const lies = [0, 1, 8, 0x1fff, 0x2000, endMarkAt, whole.length - 1, whole.length, 0x7fffffff, 0xffffffff];
  for (const field of contents) {
    for (const lie of lies) {
      const dump = readSafely(changed(bytes => bytes.setUint32(0x2000 + field, lie, true)));
      assert.equal(dump?.bugcheck.code, '0x50');
    }
  }
});

test('changed bytes, cuts and both together never make the reader fail', () => {
  const near = fc.oneof(
    fc.integer({ min: 0, max: 0x2080 }),
    fc.integer({ min: 0x2000, max: whole.length - 1 }),
    fc.integer({ min: endMarkAt - 0x2000, max: endMarkAt }),
  );
  const edits = fc.array(fc.tuple(near, fc.integer({ min: 0, max: 255 })), { maxLength: 40 });
  fc.assert(
    fc.property(edits, fc.option(fc.integer({ min: 0, max: whole.length })), (changes, length) => {
      const bytes = whole.slice(0, length ?? whole.length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      readSafely(bytes);
    }),
    { numRuns: 1500 },
  );
});

test('random bytes are no dump', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
      assert.equal(readSafely(bytes), undefined);
    }),
  );
});

test('counts that would need forever are bounded', () => {
  const large = new Uint8Array(4 * 1024 * 1024);
  large.set(whole);
  const bytes = new DataView(large.buffer);
  const name = 0x300000;
  bytes.setUint32(name, 1024, true);
  for (let at = 0; at < 1024; at++) bytes.setUint16(name + 4 + at * 2, 0x41, true);
  const list = 0x200000;
  for (let at = list; at < name; at += 0x90) bytes.setUint32(at, name, true);
  bytes.setUint32(0x2030, list, true);
  bytes.setUint32(0x2034, 0xffffffff, true);
  bytes.setUint32(0x2028, 0x10000, true);
  bytes.setUint32(0x202c, 0xffffffff, true);
  bytes.setUint32(0x2078, 0x10000, true);
  bytes.setUint32(0x207c, 0xffffffff, true);
  const dump = readSafely(large);
  assert.equal(dump?.modules.length, 2048);
  assert.equal(dump.modules[0]?.path.length, 1024);
  assert.ok(dump.missing.some(part => part.code === 'too-many' && part.what === 'driver list'));
});

test('names cannot carry control characters into a terminal or a page', () => {
  const pool = view.getUint32(0x2038, true);
  const dump = readSafely(changed(bytes => bytes.setUint16(pool + 4 + 2, 0x1b, true)));
  assert.match(dump?.modules[0]?.path ?? '', /^\\\ufffd/);
});

test('every reason for a missing part is told where it applies', () => {
  const u32 = (at: number, value: number) => changed(bytes => bytes.setUint32(at, value, true));
  const list = view.getUint32(0x2030, true);
  const process = view.getUint32(0x2020, true);
  const debuggerData = view.getUint32(0x2070, true);
  const blocks = view.getUint32(0x2078, true);
  const examples: Record<string, Uint8Array> = {
    'cut-off': whole.subarray(0, 0x1800),
    'not-written': u32(0x34, 0x45474150),
    'out-of-file': u32(blocks + 8, 0x7fffffff),
    'unreadable-name': u32(list, 0x7fffffff),
    'end-mark-missing': u32(endMarkAt, 0),
    'not-a-crash': u32(0x38, 0x45474150),
    'format-not-covered': u32(0xf98, 11),
    'not-in-dump': changed(bytes => bytes.setBigUint64(process + 0x5a8, 0n, true)),
    encoded: u32(debuggerData + 0x10, 0x12345678),
  };
  for (const [code, bytes] of Object.entries(examples)) {
    assert.ok(missingCodes(bytes).includes(code), `${code} in ${missingCodes(bytes).join()}`);
  }
});

test('files of other kinds are refused by name', () => {
  const refuse = (bytes: Uint8Array, message: RegExp) => {
    const result = readCrashDump(memorySource(bytes));
    assert.ok(!result.ok);
    assert.match(result.problem.message, message);
  };
  refuse(Buffer.from('MDMP\x93\xa7\0\0'), /dump of a program/);
  refuse(new Uint8Array(4096), /starts with zeros/);
  refuse(Buffer.from('hello, I am no dump'), /PAGEDU64/);
  refuse(new Uint8Array(3), /3 bytes hold no dump header/);
});

test('a 32-bit dump gives its header', () => {
  const bytes = new Uint8Array(0x1000).fill(0);
  const header = new DataView(bytes.buffer);
  bytes.set(Buffer.from('PAGEDUMP'));
  header.setUint32(0x0c, 7601, true);
  header.setUint32(0x20, 0x14c, true);
  header.setUint32(0x24, 2, true);
  header.setUint32(0x28, 0x7b, true);
  header.setUint32(0x2c, 0x80786b50, true);
  header.setUint32(0xf88, 4, true);
  header.setBigUint64(0xfb8, 55_000_000n, true);
  header.setBigUint64(0xfc0, 132223104000000000n, true);
  const dump = readSafely(bytes);
  assert.equal(dump?.architecture, 'x86');
  assert.equal(dump.bugcheck.name, 'INACCESSIBLE_BOOT_DEVICE');
  assert.deepEqual(dump.bugcheck.parameters, ['0x80786b50', '0x0', '0x0', '0x0']);
  assert.equal(dump.upTimeSeconds, 5.5);
  assert.equal(dump.capturedAt, '2020-01-01T00:00:00.000Z');
  assert.equal(dump.osBuild, 7601);
});
