import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csagentCrash } from '../../../agent/lab/evidence/csagent-crash.ts';
import {
  type MemoryDumpOptions,
  buildMemoryDump,
  memoryDumpSource,
  pageFileSource,
} from '../../../agent/lab/evidence/memory-dump.ts';
import { buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const crash = {
  ...csagentCrash({ capturedAt: new Date('2024-07-19T04:32:11.123Z') }),
  logonState: 'ShellStartup',
};
const asTriage = read(memorySource(buildTriageDump(crash)));

function read(source: ByteSource): CrashDump {
  const result = readCrashDump(source);
  assert.ok(result.ok);
  assert.ok(crashDumpSchema.safeParse(result.dump).success);
  return result.dump;
}

const extractOf = (source: ByteSource): Uint8Array => {
  const extract = makeExtract(source);
  assert.ok(extract.ok);
  assert.ok(extract.bytes.length <= maxExtractBytes);
  return extract.bytes;
};

const codes = (dump: CrashDump) => dump.missing.map(part => part.code);

const kinds: readonly (readonly [string, MemoryDumpOptions])[] = [
  ['full', { dumpType: 1 }],
  ['summary', { dumpType: 2 }],
  ['bitmap', { dumpType: 5 }],
  ['bitmap-kernel', { dumpType: 6 }],
  ['kernel-memory', { dumpType: 8 }],
  ['kernel-and-user-memory', { dumpType: 9 }],
  ['complete-memory', { dumpType: 10 }],
];

for (const [format, options] of kinds) {
  test(`a ${format} dump reads to what a triage dump of the same crash says`, () => {
    const source = memorySource(buildMemoryDump(crash, options));
    const dump = read(source);
    assert.deepEqual(dump, { ...asTriage, format });
    assert.equal(dump.logonPhase, 'ShellStartup');
    const extract = extractOf(source);
    assert.deepEqual(read(memorySource(extract)), asTriage);
    assert.ok(!Buffer.from(extract).includes('Tagged data'));
  });
}

test('pages may be large, huge, on their way to disk or scattered over the machine', () => {
  for (const more of [
    { kernelMapping: 'large', imageMapping: 'transition' },
    { kernelMapping: 'huge', stride: 1 },
    { stride: 977, firstPage: 0x400 },
  ] as const) {
    const dump = read(memoryDumpSource(crash, { dumpType: 5, ...more }));
    assert.deepEqual(dump, { ...asTriage, format: 'bitmap' });
  }
});

test('without the headers of images, the list of drivers tells their builds', () => {
  const dump = read(
    memoryDumpSource(crash, { dumpType: 1, imageMapping: 'left-out', kernelMapping: 'left-out' }),
  );
  assert.deepEqual(dump, { ...asTriage, format: 'full' });
});

test('a 32-bit full dump gives its drivers with and without PAE', () => {
  const drivers = crash.modules
    .slice(0, 4)
    .map((module, index) => ({ ...module, base: 0x80000000n + BigInt(index) * 0x2000000n }));
  const small = {
    ...crash,
    osBuild: 7601,
    modules: drivers,
    unloaded: [],
    bugcheck: { code: 0xd1, parameters: [4n, 2n, 0n, drivers[3]!.base + 0x1234n] as const },
    instruction: 0x80012345n,
    stackPointer: 0xa5001f00n,
    stack: [0n, drivers[2]!.base + 0x2000n, 1n],
    memory: [],
  };
  for (const paging of ['pae', 'x86'] as const) {
    const dump = read(memoryDumpSource(small, { dumpType: 1, paging, kernelMapping: 'large' }));
    assert.equal(dump.architecture, 'x86');
    assert.deepEqual(
      dump.modules.map(({ path, base, timeDateStamp }) => [path, BigInt(base), Number(timeDateStamp)]),
      drivers.map(({ path, base, timeDateStamp }) => [path, base, timeDateStamp]),
    );
    assert.equal(dump.signature, '0xd1|-|read|clfs|0x1234@0x93d8f1a6-0x72000');
    assert.deepEqual(
      dump.stack.map(frame => frame.module),
      ['CLFS.SYS', 'kd.dll'],
    );
    assert.deepEqual(codes(dump), ['not-in-dump']);
    assert.ok(!makeExtract(memoryDumpSource(small, { dumpType: 1, paging })).ok);
  }
});

test('a dump that lies in a page file is read in place', () => {
  const whole = buildMemoryDump(crash, { dumpType: 6 });
  for (const dump of [whole, buildTriageDump(crash)]) {
    const source = pageFileSource(dump, 0x4000000);
    const found = read(source);
    assert.deepEqual(found, read(memorySource(dump)));
    assert.deepEqual(read(memorySource(extractOf(source))), asTriage);
  }
});

test('an encrypted dump is there, but not readable', () => {
  const dump = read(memoryDumpSource(crash, { dumpType: 5, attributes: 0x100 }));
  assert.deepEqual(codes(dump), ['encrypted']);
  assert.equal(dump.bugcheck.code, '0x50');
  assert.equal(dump.modules.length, 0);
  const again = read(memorySource(extractOf(memoryDumpSource(crash, { dumpType: 5, attributes: 0x100 }))));
  assert.deepEqual(again, { ...dump, format: 'triage' });
});

test('places that the disk does not give are unreadable, not damaged', () => {
  const source = memoryDumpSource(crash, { dumpType: 1 });
  const bad: ByteSource = {
    sizeBytes: source.sizeBytes,
    read: (offset, length) => (offset < 0x2000 ? source.read(offset, length) : new Uint8Array(0)),
  };
  const dump = read(bad);
  assert.ok(
    codes(dump).every(code => ['unreadable', 'not-in-dump'].includes(code)),
    codes(dump).join(),
  );
  assert.ok(codes(dump).includes('unreadable'));
});

test('a live dump says that nothing crashed', () => {
  const dump = read(
    memoryDumpSource(
      { ...crash, bugcheck: { code: 0x161, parameters: [0n, 0n, 0n, 0n] } },
      { dumpType: 6, attributes: 0x10 },
    ),
  );
  assert.equal(dump.format, 'bitmap-kernel');
  assert.ok(codes(dump).includes('not-a-crash'));
  assert.equal(dump.modules.length, crash.modules.length);
});

test('of an arm64 full dump the header is read and the rest is named', () => {
  const dump = read(memoryDumpSource(crash, { dumpType: 1, architecture: 'arm64' }));
  assert.equal(dump.architecture, 'arm64');
  assert.deepEqual(codes(dump), ['format-not-covered']);
});

test('an encoded block for debuggers costs process and unloaded drivers, nothing else', () => {
  const dump = read(memoryDumpSource(crash, { dumpType: 1, encodesDebuggerData: true }));
  assert.deepEqual(codes(dump), ['encoded', 'not-in-dump']);
  assert.equal(dump.signature, asTriage.signature);
  assert.deepEqual(dump.modules, asTriage.modules);
  assert.equal(dump.process, null);
});

test('the thread that crashed is found by its stack when the processors hold other registers', () => {
  const dump = read(memoryDumpSource(crash, { dumpType: 1, savesOtherRegisters: true }));
  assert.deepEqual(dump, { ...asTriage, format: 'full' });
});
