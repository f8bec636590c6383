import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TriageDumpOptions, buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import {
  bugcheckName,
  explainBugcheck,
  explainParameters,
  findBugcheck,
} from '../../../shared/crashdump/bugcheck.ts';
import { bugcheckParameters } from '../../../shared/crashdump/bugcheck-parameters.ts';
import { bugcheckTable } from '../../../shared/crashdump/bugcheck-table.ts';
import { moreBugchecks } from '../../../shared/crashdump/more-bugchecks.ts';
import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const nt = 0xfffff80000000000n;
const ntfs = 0xfffff80010000000n;
const filter = 0xfffff80020000000n;
const display = 0xfffff80030000000n;
const gone = 0xfffff80040000000n;
const stackPointer = 0xffffa00000001000n;

type Parameters = TriageDumpOptions['bugcheck']['parameters'];

interface Crash extends Partial<TriageDumpOptions> {
  readonly code: number;
  readonly parameters?: Parameters;
}

const systemModules = [
  {
    path: String.raw`\SystemRoot\system32\ntoskrnl.exe`,
    base: nt,
    sizeBytes: 0x1000000,
    timeDateStamp: 0x91234567,
  },
  {
    path: String.raw`\SystemRoot\System32\drivers\Ntfs.sys`,
    base: ntfs,
    sizeBytes: 0x300000,
    timeDateStamp: 1,
  },
  {
    path: String.raw`\SystemRoot\System32\drivers\CntFlt.sys`,
    base: filter,
    sizeBytes: 0x20000,
    timeDateStamp: 0x60000000,
  },
  { path: String.raw`\??\C:\Tools\poke.sys`, base: display, sizeBytes: 0x20000, timeDateStamp: 0xf0000000 },
];

function readCrash({ code, parameters = [0n, 0n, 0n, 0n], ...more }: Crash): CrashDump {
  const bytes = buildTriageDump({
    osBuild: 19041,
    processors: 4,
    bugcheck: { code, parameters },
    capturedAt: new Date('2024-01-01T00:00:00Z'),
    upTimeSeconds: 5,
    process: 'lsass.exe',
    modules: systemModules,
    unloaded: [{ name: 'CntHelper.sys', start: gone, end: gone + 0x10000n }],
    instruction: nt + 0x3fbca0n,
    stackPointer,
    stack: [nt + 0x40000n, 0n],
    ...more,
  });
  const result = readCrashDump(memorySource(bytes));
  assert.ok(result.ok);
  assert.deepEqual(result.dump.missing, []);
  return result.dump;
}

/** A stack with noise below a machine frame, and the given words where the processor's stack was. */
const stackWithFrame = (instruction: bigint, above: readonly bigint[]) => [
  nt + 0x40000n,
  display + 0x5000n,
  instruction,
  0x10n,
  0x10246n,
  stackPointer + 7n * 8n,
  0x18n,
  ...above,
];

test('a driver that touched bad memory at raised priority is named by the instruction', () => {
  const dump = readCrash({ code: 0xd1, parameters: [0x28n, 2n, 1n, filter + 0x1234n] });
  assert.deepEqual(dump.culprit, {
    module: 'CntFlt.sys',
    confidence: 'high',
    because: 'the faulting instruction lies in it',
  });
  assert.equal(dump.fault?.offset, '0x1234');
  assert.equal(dump.signature, '0xd1|-|write|cntflt|0x1234@0x60000000-0x20000');
  assert.equal(dump.label, 'AV_W_CntFlt!unknown_function');
});

test('with the fault in the kernel, the nearest foreign driver above the machine frame is a weak culprit', () => {
  const instruction = nt + 0x2175e9n;
  const stack = stackWithFrame(instruction, [0x1n, ntfs + 0x2000n, filter + 0x3000n, filter]);
  const dump = readCrash({ code: 0x3b, parameters: [0xc0000005n, instruction, 0n, 0n], stack });
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.equal(dump.culprit.confidence, 'low');
  // What stands below the frame is left over from the kernel stopping itself, and a module's base is no code.
  assert.deepEqual(
    dump.stack.map(frame => `${frame.module}+${frame.offset}`),
    ['ntoskrnl.exe+0x2175e9', 'Ntfs.sys+0x2000', 'CntFlt.sys+0x3000'],
  );
  assert.equal(dump.signature, '0x3b|0xc0000005|-|cntflt|-');
  assert.deepEqual(dump.suspects, [
    { module: 'poke.sys', because: 'it was loaded by its full path, as programs do it and Windows does not' },
  ]);
});

test('a stack word that no call precedes is not believed', () => {
  const instruction = nt + 0x2175e9n;
  const stack = stackWithFrame(instruction, [filter + 0x3000n, display + 0x3000n]);
  const memory = [
    { address: filter + 0x2ff0n, bytes: new Uint8Array(16).fill(0x90) },
    { address: display + 0x2ff9n, bytes: Uint8Array.of(0x90, 0xff, 0x15, 0x10, 0x20, 0x30, 0x00) },
  ];
  const dump = readCrash({ code: 0x3b, parameters: [0xc0000005n, instruction, 0n, 0n], stack, memory });
  assert.equal(dump.culprit.module, 'poke.sys');
  assert.deepEqual(
    dump.stack.map(frame => frame.certainty),
    ['certain', 'unlikely', 'possible'],
  );
});

test('a bugcheck without an address is placed by the machine frame', () => {
  const dump = readCrash({
    code: 0x50,
    parameters: [0x10n, 2n, 0n, 2n],
    stack: stackWithFrame(filter + 0x20n, []),
  });
  assert.equal(dump.fault?.from, 'machine-frame');
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.equal(dump.label, 'AV_W_CntFlt!unknown_function');
});

test('trap frame and exception record in memory are followed', () => {
  const trapFrame = 0xffffa00000002000n;
  const frame = new Uint8Array(40);
  const words = new DataView(frame.buffer);
  [filter + 0x77n, 0x10n, 0x246n, stackPointer, 0x18n].forEach((word, at) =>
    words.setBigUint64(at * 8, word, true),
  );
  const byFrame = readCrash({
    code: 0x139,
    parameters: [3n, trapFrame, 0n, 0n],
    memory: [{ address: trapFrame + 0x168n, bytes: frame }],
  });
  assert.equal(byFrame.fault?.from, 'machine-frame');
  assert.equal(byFrame.culprit.module, 'CntFlt.sys');
  assert.equal(byFrame.label, '0x139_3_CntFlt!unknown_function');

  const record = new Uint8Array(0x98);
  new DataView(record.buffer).setBigUint64(0x10, ntfs + 0x99n, true);
  const byRecord = readCrash({
    code: 0x24,
    parameters: [0xb500190645n, trapFrame, 0n, 0n],
    memory: [{ address: trapFrame, bytes: record }],
  });
  assert.equal(byRecord.fault?.from, 'exception-record');
  assert.equal(byRecord.fault?.module, 'Ntfs.sys');
  assert.equal(byRecord.culprit.module, null);
});

test('a jump into nowhere blames the caller', () => {
  const dump = readCrash({
    code: 0x1e,
    parameters: [0xffffffffc0000005n, 0x1234n, 8n, 0x1234n],
    stack: stackWithFrame(0x1234n, [filter + 0x3000n]),
  });
  assert.equal(dump.fault?.module, null);
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.equal(dump.label, 'AV_CODE_AV_BAD_IP_CntFlt!unknown_function');
});

test('a driver that is gone is found in the unloaded list', () => {
  const dump = readCrash({ code: 0xce, parameters: [gone + 0x10n, 0n, gone + 0x10n, 0n] });
  assert.equal(dump.culprit.module, 'CntHelper.sy');
  assert.match(dump.culprit.because, /unloaded/);
});

test('the display driver is named by the pointer into it', () => {
  const dump = readCrash({ code: 0x116, parameters: [1n, display + 0x6000n, 0n, 0n] });
  assert.equal(dump.culprit.module, 'poke.sys');
  assert.equal(dump.culprit.confidence, 'high');
});

test('hardware, disks, the registry, processes and people never blame a driver', () => {
  const stack = stackWithFrame(filter + 0x10n, [filter + 0x3000n]);
  const codes = [
    0x124, 0x101, 0x12b, 0x1a, 0x109, 0x7a, 0x7b, 0x51, 0xef, 0xc000021a, 0x1c8, 0xe2, 0x80, 0x9c,
  ];
  const hardware = [...bugcheckTable, ...moreBugchecks].filter(one => one.blame === 'hardware');
  for (const code of [...codes, ...hardware.map(one => one.code)]) {
    const dump = readCrash({ code, parameters: [0x41790n, 0n, 0n, 0n], stack });
    assert.equal(dump.culprit.module, null, code.toString(16));
    assert.deepEqual(dump.suspects, []);
    assert.doesNotMatch(dump.signature, /cntflt/);
  }
  const caller = readCrash({ code: 0x1a, parameters: [0x1236n, 0n, 0n, 0n], stack });
  assert.equal(caller.culprit.module, 'CntFlt.sys');
});

test('a process that died is part of the signature', () => {
  const dump = readCrash({ code: 0xef, parameters: [0xffffa00000009000n, 0n, 0n, 0n] });
  assert.equal(dump.signature, '0xef|0x0|-|lsass.exe|-');
  assert.equal(dump.label, '0xEF_lsass.exe_BUGCHECK_CRITICAL_PROCESS_DIED');
});

test('an unknown bugcheck is still placed by what the processor saved', () => {
  const dump = readCrash({ code: 0x9999, stack: stackWithFrame(filter + 0x10n, []) });
  assert.equal(dump.bugcheck.name, null);
  assert.equal(dump.culprit.module, 'CntFlt.sys');
  assert.match(explainBugcheck(dump.bugcheck.code), /does not know/);
});

test('the table holds each code once, with a whole sentence', () => {
  const all = [...bugcheckTable, ...moreBugchecks];
  assert.ok(all.length > 400);
  assert.equal(new Set(all.map(one => one.code)).size, all.length);
  assert.equal(new Set(all.map(one => one.name)).size, all.length);
  for (const { code } of bugcheckTable) assert.ok(bugcheckParameters.has(code), code.toString(16));
  for (const code of bugcheckParameters.keys()) assert.ok(findBugcheck(code), code.toString(16));
  for (const { name, sentence } of all) {
    assert.match(name, /^[A-Z0-9_]+$/);
    assert.match(sentence, /^[A-Z].*\.$/);
  }
  assert.equal(bugcheckName(0x1000007e), 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M');
  assert.equal(findBugcheck(0x21a), findBugcheck(0xc000021a));
  assert.equal(bugcheckName(0x10000050), null);
  assert.equal(explainParameters('0x1000007e')[2], 'address of the exception record');
  assert.deepEqual(explainParameters('0x9999'), ['', '', '', '']);
});

test('what the table tells of a parameter agrees with the words for it', () => {
  for (const one of [...bugcheckTable, ...moreBugchecks]) {
    const words = bugcheckParameters.get(one.code);
    if (!words) continue;
    const check = (parameter: number | undefined, pattern: RegExp) => {
      if (parameter !== undefined) assert.match(words[parameter - 1]!, pattern, one.name);
    };
    check(one.instruction, /instruction|executed/);
    check(one.exceptionCode, /exception code/);
    check(one.exceptionRecord, /exception record/);
    check(one.contextRecord, /saved registers/);
    check(one.trapFrame, /trap frame/);
    check(one.operation?.parameter, /0 read|detail of the exception/);
  }
});
