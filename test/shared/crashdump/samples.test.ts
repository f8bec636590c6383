import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explainBugcheck } from '../../../shared/crashdump/bugcheck.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract, maxExtractBytes } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';

interface Expected {
  readonly build: number;
  readonly machine: string;
  readonly processors: number;
  readonly bugcheck: string;
  readonly parameters: readonly string[];
  readonly systemTimeUtc: string;
  readonly upTimeSeconds: number;
  readonly processName: string;
  readonly drivers: readonly Record<'name' | 'base' | 'size' | 'timeDateStamp' | 'checkSum', string>[];
  readonly unloaded: readonly Record<'name' | 'start' | 'end', string>[];
  readonly stackCandidates?: readonly (readonly string[])[];
  readonly machineFrames?: readonly { readonly cs: string; readonly rsp: string }[];
  readonly frames?: readonly (readonly string[])[];
}

function readSample(name: string): CrashDump {
  const result = readCrashDump(memorySource(readFileSync(samplePath(`kdump/${name}`))));
  assert.ok(result.ok);
  return result.dump;
}

const readExpected = (name: string) =>
  (JSON.parse(readFileSync(samplePath('kdump/expected.json'), 'utf8')) as Record<string, Expected>)[name]!;

const machines: Record<string, string> = { '0x8664': 'x64', '0xaa64': 'arm64' };

const dumps = ['rizin_triage_x64.dmp', 'rizin_triage_arm64.dmp', '052223-4781-01.dmp', '052323-19218-01.dmp'];
for (const name of dumps) {
  const skip = skipWithout(`kdump/${name}`);

  test(`${name}: header, bugcheck, drivers and unloaded drivers are what they truly are`, { skip }, () => {
    const [dump, expected] = [readSample(name), readExpected(name)];
    assert.equal(dump.format, 'triage');
    assert.equal(dump.architecture, machines[expected.machine]);
    assert.equal(dump.osBuild, expected.build);
    assert.equal(dump.processors, expected.processors);
    assert.equal(dump.bugcheck.code, expected.bugcheck);
    assert.deepEqual(dump.bugcheck.parameters, expected.parameters);
    assert.equal(dump.capturedAt, `${expected.systemTimeUtc.slice(0, 23)}Z`);
    assert.equal(dump.upTimeSeconds, expected.upTimeSeconds);
    assert.equal(dump.process, expected.processName);
    assert.deepEqual(
      dump.modules.map(({ name: file, path, base, sizeBytes, timeDateStamp, checkSum }) => {
        assert.equal(file, path.split('\\').at(-1));
        return { name: path, base, size: `0x${sizeBytes.toString(16)}`, timeDateStamp, checkSum };
      }),
      expected.drivers,
    );
    assert.deepEqual(dump.unloadedModules, expected.unloaded);
    assert.deepEqual(dump.missing, []);
    assert.ok(crashDumpSchema.safeParse(dump).success);
  });

  test(`${name}: the stack is what an independent reading finds`, { skip }, () => {
    const [dump, expected] = [readSample(name), readExpected(name)];
    const callers = dump.stack
      .slice(1)
      .map(frame => [frame.at, frame.address, `${frame.module}+${frame.offset}`]);
    if (expected.frames) {
      assert.deepEqual(callers, expected.frames);
      assert.ok(dump.stack.every(frame => frame.certainty === 'certain'));
      return;
    }
    const start = expected.machineFrames?.find(frame => frame.cs === '0x10')?.rsp ?? '0x0';
    assert.deepEqual(
      callers,
      expected.stackCandidates?.filter(([at]) => BigInt(at!) >= BigInt(start)),
    );
  });

  test(`${name}: the extract is small, says the same and keeps no more than it needs`, { skip }, () => {
    const bytes = readFileSync(samplePath(`kdump/${name}`));
    const extract = makeExtract(memorySource(bytes));
    assert.ok(extract.ok);
    assert.ok(extract.bytes.length <= maxExtractBytes);
    assert.deepEqual(readCrashDump(memorySource(extract.bytes)), readCrashDump(memorySource(bytes)));
    // Of the tagged data only winlogon's state is kept; the first blob of every dump is another.
    const firstTag = Buffer.from('fd330a27a63d0d46ba893c1bae21e39b', 'hex');
    assert.ok(bytes.includes(firstTag) && !Buffer.from(extract.bytes).includes(firstTag));
    const again = makeExtract(memorySource(extract.bytes));
    assert.ok(again.ok);
    assert.deepEqual(readCrashDump(memorySource(again.bytes)), readCrashDump(memorySource(bytes)));
  });
}

test('how far the logon had got is told where winlogon had started', { skip: skipWithout('kdump') }, () => {
  assert.deepEqual(
    dumps.map(name => readSample(name).logonPhase),
    [undefined, 'ShellRestart', 'ShellStartup', 'WluiRequestCredentials'],
  );
});

test('a crash of a driver at start names the driver', { skip: skipWithout(`kdump/${dumps[0]}`) }, () => {
  const dump = readSample('rizin_triage_x64.dmp');
  assert.equal(dump.culprit.module, 'amdppm.sys');
  assert.equal(dump.culprit.confidence, 'high');
  assert.equal(dump.fault?.offset, '0x334c');
  assert.equal(dump.bugcheck.name, 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED_M');
  assert.equal(dump.label, 'AV_amdppm!unknown_function');
  assert.equal(dump.signature, '0x7e|0xc0000005|-|amdppm|0x334c@0xc9c03000-0x3b000');
});

test('a power button held down blames nobody', { skip: skipWithout(`kdump/${dumps[1]}`) }, () => {
  const dump = readSample('rizin_triage_arm64.dmp');
  assert.equal(dump.culprit.module, null);
  assert.deepEqual(dump.suspects, []);
  assert.equal(dump.fault?.from, 'header-context');
  assert.equal(dump.fault?.offset, '0x4de014');
});

test(
  'a fault in the kernel blames nobody, but drivers that stand out are told',
  { skip: skipWithout(`kdump/${dumps[3]}`) },
  () => {
    const dump = readSample('052323-19218-01.dmp');
    assert.equal(dump.culprit.module, null);
    assert.ok(dump.suspects.some(suspect => suspect.module === 'iqvsw64e.sys'));
  },
);

test(
  'of a full dump that was cut off the header is read and the rest is named as missing',
  { skip: skipWithout('kdump/imhex_dmp64_fullheader.bin') },
  () => {
    const dump = readSample('imhex_dmp64_fullheader.bin');
    assert.equal(dump.format, 'full');
    assert.equal(dump.osBuild, 19045);
    assert.equal(dump.culprit.module, null);
    assert.match(explainBugcheck(dump.bugcheck.code), /nothing crashed/);
    assert.equal(dump.capturedAt, '2024-10-12T12:57:59.711Z');
    assert.equal(dump.modules.length, 0);
    assert.deepEqual(
      dump.missing.map(part => part.code),
      ['not-a-crash', 'cut-off', 'cut-off', 'cut-off', 'not-in-dump', 'cut-off'],
    );
  },
);
