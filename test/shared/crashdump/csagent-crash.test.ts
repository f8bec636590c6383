import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCsagentCrash, csagentModules } from '../../../agent/lab/evidence/csagent-crash.ts';
import { buildTriageDump } from '../../../agent/lab/evidence/triage-dump.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { type CrashDump, crashDumpSchema } from '../../../shared/crashdump/crash-dump.ts';
import { makeExtract } from '../../../shared/crashdump/extract.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const capturedAt = new Date('2024-07-19T04:32:11.123Z');

function read(bytes: Uint8Array): CrashDump {
  const result = readCrashDump(memorySource(bytes));
  assert.ok(result.ok);
  return result.dump;
}

test('the crash of 19 July 2024 reads as Microsoft published it', () => {
  const dump = read(buildCsagentCrash({ capturedAt }));
  const { modules, stack, ...rest } = dump;
  assert.deepEqual(rest, {
    format: 'triage',
    architecture: 'x64',
    osBuild: 22621,
    processors: 8,
    bugcheck: {
      code: '0x50',
      name: 'PAGE_FAULT_IN_NONPAGED_AREA',
      parameters: ['0xffff840500000074', '0x0', '0xfffff806715114ed', '0x2'],
    },
    capturedAt: '2024-07-19T04:32:11.123Z',
    upTimeSeconds: 11.408,
    process: 'System',
    unloadedModules: [{ name: 'WdBoot.sys', start: '0xfffff8066ec00000', end: '0xfffff8066ec12000' }],
    fault: {
      address: '0xfffff806715114ed',
      module: 'csagent.sys',
      offset: '0xe14ed',
      from: 'bugcheck-parameter',
    },
    culprit: {
      module: 'csagent.sys',
      confidence: 'high',
      because: 'the faulting instruction lies in it',
    },
    suspects: [],
    signature: '0x50|0x2|read|csagent|0xe14ed@0x665e4b9c-0x3b5000',
    label: 'AV_csagent!unknown_function',
    missing: [],
  });
  const csagent = modules.find(module => module.name === 'csagent.sys');
  assert.equal(csagent?.base, '0xfffff80671430000');
  assert.equal(csagent?.path, String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`);
  // The stack starts where the processor was when it faulted, not where Windows stopped itself.
  assert.deepEqual(
    stack.map(frame => [frame.module, frame.at === null ? null : BigInt(frame.at) > 0xffff94058305ec20n]),
    [
      ['csagent.sys', null],
      ['csagent.sys', true],
      ['csagent.sys', true],
      ['csagent.sys', true],
      ['ntoskrnl.exe', true],
      ['ntoskrnl.exe', true],
    ],
  );
  assert.ok(crashDumpSchema.safeParse(dump).success);
});

test('the signature is the same on another machine, in another place of memory and in another start', () => {
  const moved = 0x3370000000n;
  const first = read(buildCsagentCrash({ capturedAt }));
  const second = read(
    buildTriageDump({
      origin: 'by-kernel',
      osBuild: 19041,
      processors: 2,
      bugcheck: {
        code: 0x50,
        parameters: [0xffffb20c0000009cn, 0n, 0xfffff806715114edn + moved, 2n],
      },
      capturedAt: new Date('2024-07-19T05:01:00Z'),
      upTimeSeconds: 9,
      process: 'smss.exe',
      modules: csagentModules.map(module => ({ ...module, base: module.base + moved })).reverse(),
      instruction: 0xfffff8066a6164e0n + moved,
      stackPointer: 0xffffb20c01000000n,
      stack: [0n, 0n],
    }),
  );
  assert.equal(second.signature, first.signature);
  assert.equal(second.label, first.label);
  assert.equal(second.modules.find(module => module.name === 'csagent.sys')?.path, 'csagent.sys');
  assert.notEqual(second.fault?.address, first.fault?.address);
});

test('the extract reads to the same answer and leaves tagged data behind', () => {
  const bytes = buildCsagentCrash({ capturedAt });
  const extract = makeExtract(memorySource(bytes));
  assert.ok(extract.ok);
  assert.deepEqual(read(extract.bytes), read(bytes));
  assert.ok(Buffer.from(bytes).includes('Tagged data'));
  assert.ok(!Buffer.from(extract.bytes).includes('Tagged data'));
  assert.ok(extract.bytes.length < bytes.length / 2);
});
