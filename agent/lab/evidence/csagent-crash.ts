import { type LabCrash, type LabModule, buildTriageDump } from './triage-dump.ts';
import { kernelBase, windowsModules } from './windows-modules.ts';

// Published by Microsoft in its analysis of 27 July 2024: base of csagent.sys, the address read, the faulting
// instruction, the trap frame with r8, r11 and rcx, process and bugcheck. Everything else here is invented.
const csagentBase = 0xfffff80671430000n;
const faultingInstruction = 0xfffff806715114edn;
const addressRead = 0xffff840500000074n;
const trapFrame = 0xffff94058305ec20n;

const stackPointer = 0xffff94058305e998n;
const trapFrameBytes = 0x190n;
const stackWords = 160;

const drivers = String.raw`\SystemRoot\System32\drivers\CrowdStrike`;
const csboot: LabModule = {
  path: `${drivers}\\csboot.sys`,
  base: 0xfffff8066eb60000n,
  sizeBytes: 0x15000,
  timeDateStamp: 0x65d5c0f1,
};
const csagent: LabModule = {
  path: `${drivers}\\csagent.sys`,
  base: csagentBase,
  sizeBytes: 0x3b5000,
  timeDateStamp: 0x665e4b9c,
};

/** Windows 11 with the sensor: the kernel first, then in the order of loading. */
export const csagentModules: readonly LabModule[] = windowsModules.flatMap(module => {
  if (module.path.endsWith('\\Wdf01000.sys')) return [module, csboot];
  return module.path.endsWith('\\fwpkclnt.sys') ? [module, csagent] : [module];
});

/** Where the kernel takes its own words from; offsets into invented routines of the lab's kernel. */
const kernel = (offset: bigint) => kernelBase + offset;

/** Stack from KeBugCheckEx down through the trap frame into csagent and the system thread that ran it. */
function csagentStack(): bigint[] {
  const words = Array.from({ length: stackWords }, () => 0n);
  const put = (address: bigint, value: bigint) => (words[Number(address - stackPointer) / 8] = value);
  put(stackPointer, kernel(0x47b1f2n));
  put(stackPointer + 0x8n, 0x50n);
  put(stackPointer + 0x10n, addressRead);
  put(stackPointer + 0x28n, 2n);
  put(stackPointer + 0xa8n, kernel(0x26c8adn));
  put(stackPointer + 0x1c8n, kernel(0x42ae25n));
  const registers: readonly (readonly [bigint, bigint])[] = [
    [0x30n, 0xffff8405d0a8a6b0n],
    [0x38n, 3n],
    [0x48n, addressRead],
    [0x60n, 0x14n],
    [0xd0n, addressRead],
  ];
  for (const [offset, value] of registers) put(trapFrame + offset, value);
  const stackAtFault = trapFrame + trapFrameBytes;
  const machineFrame = [faultingInstruction, 0x10n, 0x50286n, stackAtFault, 0x18n];
  machineFrame.forEach((word, index) => put(trapFrame + 0x168n + BigInt(index) * 8n, word));
  const callers: readonly (readonly [bigint, bigint])[] = [
    [0x38n, csagentBase + 0xb1c0an],
    [0x88n, csagentBase + 0xa6f31n],
    [0xd8n, csagentBase + 0x1c51en],
    [0x118n, kernel(0x355d97n)],
    [0x148n, kernel(0x41bc64n)],
  ];
  for (const [offset, address] of callers) put(stackAtFault + offset, address);
  return words;
}

/** A machine that took the channel file of 19 July 2024: the sensor read past the end of an array. */
export function csagentCrash({ capturedAt }: { readonly capturedAt: Date }): LabCrash {
  return {
    osBuild: 22621,
    processors: 8,
    bugcheck: { code: 0x50, parameters: [addressRead, 0n, faultingInstruction, 2n] },
    capturedAt,
    upTimeSeconds: 11.408,
    process: 'System',
    modules: csagentModules,
    unloaded: [{ name: 'WdBoot.sys', start: 0xfffff8066ec00000n, end: 0xfffff8066ec12000n }],
    instruction: kernel(0x4164e0n),
    stackPointer,
    stack: csagentStack(),
    // The code around the fault: mov r9d,[r8] reads through the pointer that lay behind the end of the array.
    memory: [
      { address: faultingInstruction, bytes: Uint8Array.of(0x45, 0x8b, 0x08, 0x44, 0x89, 0x4c, 0x24, 0x20) },
    ],
  };
}

/** Its dump, as Windows leaves it after the next start. */
export function buildCsagentCrash({ capturedAt }: { readonly capturedAt: Date }): Uint8Array {
  return buildTriageDump(csagentCrash({ capturedAt }));
}
