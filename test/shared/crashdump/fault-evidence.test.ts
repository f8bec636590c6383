import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDumpSource } from '../../../agent/lab/evidence/memory-dump.ts';
import { type LabCrash, type LabMemory, buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const nt = 0xfffff80000000000n;
const ntfs = 0xfffff80010000000n;
const filter = 0xfffff80020000000n;
const stackPointer = 0xffffa00000001e00n;
const [trapFrame, record, context] = [0xffffa00000002000n, 0xffffa00000003f80n, 0xffffa00000004100n];
const otherStack = 0xffffa00000108f00n;

const drivers = String.raw`\SystemRoot\System32\drivers`;
const modules = [
  { path: String.raw`\SystemRoot\system32\ntoskrnl.exe`, base: nt, sizeBytes: 0x1000000, timeDateStamp: 7 },
  { path: `${drivers}\\Ntfs.sys`, base: ntfs, sizeBytes: 0x300000, timeDateStamp: 8 },
  {
    path: `${drivers}\\CntFlt.sys`,
    base: filter,
    sizeBytes: 0x20000,
    timeDateStamp: 0x60000000,
    checkSum: 9,
  },
];

function wordsAt(address: bigint, places: Readonly<Record<number, bigint>>, sizeBytes: number): LabMemory {
  const view = new DataView(new ArrayBuffer(sizeBytes));
  for (const [at, value] of Object.entries(places)) view.setBigUint64(Number(at), value, true);
  return { address, bytes: new Uint8Array(view.buffer) };
}

const trapFrameAt = (instruction: bigint) =>
  wordsAt(
    trapFrame,
    { 0x168: instruction, 0x170: 0x10n, 0x178: 0x10246n, 0x180: otherStack, 0x188: 0x18n },
    0x190,
  );
const recordAt = (address: bigint) => wordsAt(record, { 0: 0xc0000005n, 0x10: address }, 0x98);
const contextAt = (instruction: bigint, stack: bigint) =>
  wordsAt(context, { 0x98: stack, 0xf8: instruction }, 0x4d0);
/** A second stack, as interrupts and double faults have it, with a caller on it. */
const callers = wordsAt(otherStack, { 0x20: ntfs + 0x2000n, 0x40: filter + 0x3000n }, 0x100);

function crash(
  code: number,
  parameters: LabCrash['bugcheck']['parameters'],
  memory: LabMemory[] = [],
): LabCrash {
  return {
    osBuild: 19041,
    processors: 4,
    bugcheck: { code, parameters },
    capturedAt: new Date('2024-01-01T00:00:00Z'),
    upTimeSeconds: 5,
    process: 'lsass.exe',
    modules,
    unloaded: [{ name: 'CntHelper.sys', start: filter + 0x40000n, end: filter + 0x50000n }],
    instruction: nt + 0x3fbca0n,
    stackPointer,
    stack: [nt + 0x40000n, 0n, 0n, nt + 0x50000n],
    memory,
  };
}

/** Reads a crash as triage, full and bitmap dump and as extracts of them; all must say the same. */
function readEverywhere(one: LabCrash): CrashDump {
  const sources = [
    memorySource(buildTriageDump(one)),
    memoryDumpSource(one, { dumpType: 1 }),
    memoryDumpSource(one, { dumpType: 6, stride: 7 }),
  ];
  const dumps = sources.flatMap(source => {
    const [result, extract] = [readCrashDump(source), makeExtract(source)];
    assert.ok(result.ok && extract.ok);
    const again = readCrashDump(memorySource(extract.bytes));
    assert.ok(again.ok);
    return [{ ...result.dump, format: 'triage' }, again.dump];
  });
  for (const dump of dumps) assert.deepEqual(dump, dumps[0]);
  return dumps[0]!;
}

const frames = (dump: CrashDump) => dump.stack.map(frame => `${frame.module}+${frame.offset}`);

test('the same crash is the same in every kind of dump, whatever its bugcheck tells', () => {
  const place = filter + 0x1234n;
  const crashes: readonly (readonly [LabCrash, string])[] = [
    [crash(0xd1, [8n, 2n, 1n, place]), '0xd1|-|write|cntflt|0x1234@0x60000000-0x20000'],
    [crash(0x50, [8n, 0n, place, 2n]), '0x50|0x2|read|cntflt|0x1234@0x60000000-0x20000'],
    [
      crash(0x1e, [0xffffffffc0000005n, place, 0n, 8n]),
      '0x1e|0xc0000005|read|cntflt|0x1234@0x60000000-0x20000',
    ],
    [crash(0xce, [filter + 0x40010n, 0n, filter + 0x40010n, 0n]), '0xce|-|-|cnthelper.sy|0x10'],
    [crash(0x116, [1n, filter + 0x5000n, 0n, 0n]), '0x116|-|-|cntflt|-'],
    [crash(0xef, [1n, 0n, 0n, 0n]), '0xef|0x0|-|lsass.exe|-'],
    [crash(0x7b, [1n, 0n, 0n, 0n]), '0x7b|-|-|-|-'],
    [crash(0x124, [0n, 0n, 0n, 0n]), '0x124|0x0|-|-|-'],
  ];
  for (const [one, signature] of crashes) assert.equal(readEverywhere(one).signature, signature);
});

test('a trap frame in memory places the fault and leads to its own stack', () => {
  for (const code of [0x139, 0x8e]) {
    const parameters =
      code === 0x139 ? ([3n, trapFrame, record, 0n] as const) : ([0xc0000005n, 0n, trapFrame, 0n] as const);
    const dump = readEverywhere(
      crash(code, parameters, [trapFrameAt(ntfs + 0x99n), recordAt(ntfs + 0x99n), callers]),
    );
    assert.equal(dump.fault?.from, 'machine-frame');
    assert.deepEqual(frames(dump), ['Ntfs.sys+0x99', 'Ntfs.sys+0x2000', 'CntFlt.sys+0x3000']);
    assert.equal(dump.culprit.module, 'CntFlt.sys');
  }
});

test('a context in memory leads to the stack of the fault', () => {
  for (const [code, parameters] of [
    [0x3b, [0xc0000005n, ntfs + 0x99n, context, 0n]],
    [0x7e, [0xffffffffc0000005n, ntfs + 0x99n, record, context]],
  ] as const) {
    const memory = [contextAt(ntfs + 0x99n, otherStack), recordAt(ntfs + 0x99n), callers];
    const dump = readEverywhere(crash(code, parameters, memory));
    assert.equal(dump.fault?.from, 'bugcheck-parameter');
    assert.deepEqual(frames(dump), ['Ntfs.sys+0x99', 'Ntfs.sys+0x2000', 'CntFlt.sys+0x3000']);
    assert.equal(dump.culprit.module, 'CntFlt.sys');
    assert.equal(dump.culprit.confidence, 'low');
  }
});

test('where the bugcheck tells no instruction, exception record and context do', () => {
  const byRecord = readEverywhere(crash(0x24, [1n, record, 0n, 0n], [recordAt(ntfs + 0x99n)]));
  assert.equal(byRecord.fault?.from, 'exception-record');
  assert.equal(byRecord.fault.offset, '0x99');
  const byContext = readEverywhere(crash(0x24, [1n, 0n, context, 0n], [contextAt(ntfs + 0x77n, otherStack)]));
  assert.equal(byContext.fault?.from, 'context-record');
  assert.equal(byContext.fault.offset, '0x77');
  const byRecord7e = readEverywhere(
    crash(
      0x7e,
      [0xffffffffc0000005n, 0n, record, context],
      [recordAt(filter + 0x55n), contextAt(filter + 0x55n, otherStack)],
    ),
  );
  assert.equal(byRecord7e.fault?.from, 'exception-record');
  assert.equal(byRecord7e.culprit.module, 'CntFlt.sys');
});

test('records that nobody wrote are passed over', () => {
  const dump = readEverywhere(crash(0x24, [1n, record, context, 0n], [recordAt(0n), contextAt(0n, 0n)]));
  assert.equal(dump.fault?.from, 'header-context');
});

test('a request that nobody finished names the driver it lies with', () => {
  const [request, location, device, driver] = [0x5000n, 0x5200n, 0x5400n, 0x5600n].map(
    at => 0xffffa00000000000n + at,
  );
  const object = (address: bigint, type: bigint, pointerAt: number, pointer: bigint) =>
    wordsAt(address, { 0: type, [pointerAt]: pointer }, 0x100);
  const memory = [
    object(request!, 6n, 0xb8, location!),
    wordsAt(location!, { 0x28: device! }, 0x48),
    object(device!, 3n, 8, driver!),
    object(driver!, 4n, 0x18, filter),
  ];
  const dump = readEverywhere(crash(0x9f, [3n, device!, 0n, request!], memory));
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.equal(dump.culprit.confidence, 'high');
  assert.equal(dump.signature, '0x9f|0x3|-|cntflt|-');
  const ofOtherKind = readEverywhere(crash(0x9f, [4n, device!, 0n, request!], memory));
  assert.equal(ofOtherKind.culprit.module, null);
  const damaged = readEverywhere(
    crash(0x9f, [3n, device!, 0n, request!], [memory[0]!, memory[1]!, memory[3]!]),
  );
  assert.equal(damaged.culprit.module, null);
});

test('a bugcheck that spells a service names its driver', () => {
  const letters = new DataView(Uint8Array.from(Buffer.from('CntFlt\0\0')).buffer).getBigUint64(0, true);
  const dump = readEverywhere(crash(0x1d5, [letters, 0n, 0n, 300_000n]));
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.equal(dump.culprit.confidence, 'medium');
  assert.equal(readEverywhere(crash(0x1d5, [0x1234n, 0n, 0n, 0n])).culprit.module, null);
});
