import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyMachineCrash } from '../../../agent/lab/evidence/busy-machine.ts';
import { buildKernelMemory } from '../../../agent/lab/evidence/kernel-memory.ts';
import { memoryDumpSource } from '../../../agent/lab/evidence/memory-dump.ts';
import type { LabCrash } from '../../../agent/lab/evidence/triage-dump.ts';
import { buildTriageDump32 } from '../../../agent/lab/evidence/triage-dump-32.ts';
import { memorySource } from '../../../shared/bytes/byte-source.ts';
import type { CrashDump } from '../../../shared/crashdump/crash-dump.ts';
import { readCrashDump } from '../../../shared/crashdump/read-crash-dump.ts';

const busy = busyMachineCrash();
const crash: LabCrash = { ...busy, modules: busy.modules.slice(0, 8), stack: [0n, 0n], memory: [] };
const list = buildKernelMemory(crash).loadedModuleList;

/** Where the lab puts the entries of its drivers, told by walking its own memory. */
function entries(): bigint[] {
  const { memory } = buildKernelMemory(crash);
  const found: bigint[] = [];
  for (let entry = memory.readU64(list); entry !== list; entry = memory.readU64(entry)) found.push(entry);
  return found;
}

function word(value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  return new Uint8Array(view.buffer);
}

/** The crash with words of the list written over. */
function readWith(...edits: readonly (readonly [address: bigint, value: bigint])[]): CrashDump {
  const result = readCrashDump(
    memoryDumpSource(crash, {
      dumpType: 5,
      overwrite: edits.map(([address, value]) => ({ address, bytes: word(value) })),
    }),
  );
  assert.ok(result.ok);
  return result.dump;
}

const names = (dump: CrashDump) => dump.modules.map(module => module.name);
const allNames = crash.modules.map(module => module.path.split('\\').at(-1));
const codes = (dump: CrashDump) => dump.missing.map(part => part.code);

test('where the list of drivers is broken, it is read from both ends', () => {
  const [, , third, fourth] = entries();
  const nowhere = readWith([third!, 0xffffe0ff00000000n], [fourth! + 8n, 0xffffe0ff00000000n]);
  assert.deepEqual(names(nowhere), allNames);
  assert.deepEqual(codes(nowhere), ['not-mapped']);
  const oneLost = readWith([third!, 0xffffe0ff00000000n], [fourth! + 0x30n, 0x123n]);
  assert.deepEqual(
    names(oneLost),
    allNames.filter((_, index) => index !== 3),
  );
});

test('a list that loops ends where it was met before', () => {
  const [first, second] = entries();
  const dump = readWith([second!, first!]);
  assert.deepEqual(codes(dump), ['broken-list']);
  assert.deepEqual(names(dump), allNames);
});

test('a list that leads to something else than a driver says so', () => {
  const dump = readWith([list, crash.stackPointer], [list + 8n, crash.stackPointer]);
  assert.deepEqual(codes(dump), ['broken-list']);
  assert.deepEqual(names(dump), []);
  assert.equal(dump.culprit.module, null);
});

test('the ring of unloaded drivers is told from the oldest on, names cut as Windows cuts them', () => {
  const unloaded = Array.from({ length: 50 }, (_, index) => ({
    name: `unloaded-driver-${index}.sys`,
    start: 0xfffff80690000000n + BigInt(index) * 0x20000n,
    end: 0xfffff80690010000n + BigInt(index) * 0x20000n,
  }));
  const result = readCrashDump(memoryDumpSource({ ...crash, unloaded }, { dumpType: 1 }));
  assert.ok(result.ok);
  assert.equal(result.dump.unloadedModules.length, 50);
  assert.deepEqual(result.dump.unloadedModules[7], {
    name: 'unloaded-dri',
    start: '0xfffff806900e0000',
    end: '0xfffff806900f0000',
  });
});

test('a 32-bit triage dump gives drivers, process, stack and fault', () => {
  const base = 0x90000000n;
  const bytes = buildTriageDump32({
    ...crash,
    osBuild: 7601,
    bugcheck: { code: 0xd1, parameters: [4n, 2n, 1n, base + 0x1234n] },
    modules: [
      {
        path: String.raw`\SystemRoot\system32\ntkrnlpa.exe`,
        base: 0x80000000n,
        sizeBytes: 0x400000,
        timeDateStamp: 5,
      },
      {
        path: String.raw`\SystemRoot\system32\drivers\old.sys`,
        base,
        sizeBytes: 0x9000,
        timeDateStamp: 0x4a000000,
        checkSum: 3,
      },
    ],
    unloaded: [{ name: 'gone.sys', start: 0xb0000000n, end: 0xb0010000n }],
    instruction: 0x80012345n,
    stackPointer: 0xa5001f00n,
    stack: [0n, base + 0x2000n, 0x80002345n],
  });
  const result = readCrashDump(memorySource(bytes));
  assert.ok(result.ok);
  const { dump } = result;
  assert.deepEqual(dump.missing, []);
  assert.equal(dump.process, 'System');
  assert.equal(dump.signature, '0xd1|-|write|old|0x1234@0x4a000000-0x9000');
  assert.deepEqual(
    dump.stack.map(frame => `${frame.module}+${frame.offset}`),
    ['old.sys+0x1234', 'old.sys+0x2000', 'ntkrnlpa.exe+0x2345'],
  );
  assert.deepEqual(dump.unloadedModules, [{ name: 'gone.sys', start: '0xb0000000', end: '0xb0010000' }]);
  assert.equal(dump.modules[1]?.checkSum, '0x3');
});
