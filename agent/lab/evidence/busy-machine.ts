import type { MemoryDumpOptions, PageRun } from './memory-dump.ts';
import type { LabCrash, LabMemory, LabModule } from './triage-dump.ts';

// Sizes as on office machines of today: some 220 drivers, a kernel stack with many old words, 16 GB of memory.
const moduleCount = 220;
const stackWords = 2200;
const kernelBase = 0xfffff8066a200000n;
const stackPointer = 0xffff94058305b340n;
const pagesOf16Gigabytes = 4 * 1024 * 1024;

function moduleAt(index: number): LabModule {
  const name = index === 0 ? 'ntoskrnl.exe' : `driver-of-device-${String(index).padStart(3, '0')}.sys`;
  return {
    path: String.raw`\SystemRoot\System32\drivers` + `\\${name}`,
    base: kernelBase + BigInt(index === 0 ? 0 : 0x1100000 + index * 0x93000),
    sizeBytes: index === 0 ? 0x1047000 : 0x8f000,
    timeDateStamp: (0x91000000 + index * 7919) >>> 0,
    checkSum: 0x1a000 + index,
  };
}

/** A crash of a machine with as much in it as real ones have; `extraBlocks` of a kilobyte each make its dump larger. */
export function busyMachineCrash({ extraBlocks = 0 } = {}): LabCrash {
  const modules = Array.from({ length: moduleCount }, (_, index) => moduleAt(index));
  const culprit = modules[180]!;
  const instruction = culprit.base + 0x4321n;
  const stack = Array.from({ length: stackWords }, (_, index) => {
    if (index % 14 !== 0) return BigInt(index);
    return modules[(index * 31) % moduleCount]!.base + 0x1000n + BigInt((index * 613) % 0x8000);
  });
  const frameAt = 200;
  const frame = [instruction, 0x10n, 0x10246n, stackPointer + BigInt(frameAt + 5) * 8n, 0x18n];
  frame.forEach((word, index) => (stack[frameAt + index] = word));
  const block = (index: number): LabMemory => ({
    address: 0xffffc00000000000n + BigInt(index) * 0x1000n,
    bytes: new Uint8Array(1024).fill(index),
  });
  return {
    osBuild: 22621,
    processors: 16,
    bugcheck: { code: 0xd1, parameters: [0x28n, 2n, 0n, instruction] },
    capturedAt: new Date('2026-02-03T04:05:06.789Z'),
    upTimeSeconds: 21.5,
    process: 'System',
    modules,
    unloaded: Array.from({ length: 12 }, (_, index) => ({
      name: `gone-${index}.sys`,
      start: 0xfffff80690000000n + BigInt(index) * 0x20000n,
      end: 0xfffff80690010000n + BigInt(index) * 0x20000n,
    })),
    instruction: kernelBase + 0x4164e0n,
    stackPointer,
    stack,
    memory: Array.from({ length: extraBlocks }, (_, index) => block(index)),
    logonState: 'WluiRequestCredentials',
  };
}

/** Options for a dump of that machine's 16 GB, its pages scattered over all of them and with holes for devices. */
export function sixteenGigabytes(dumpType: MemoryDumpOptions['dumpType']): MemoryDumpOptions {
  const runs: PageRun[] = [
    [0x1, 0x9e],
    [0x100, 0xbff00],
    [0x100000, pagesOf16Gigabytes - 0xbff9e],
  ];
  return { dumpType, runs, stride: 1021, firstPage: 0x100000 };
}
