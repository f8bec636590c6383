import { type LabCrash, type LabModule, buildTriageDump } from './triage-dump.ts';

// Published by Microsoft in its analysis of 27 July 2024: base of csagent.sys, the address read, the faulting
// instruction, the trap frame with r8, r11 and rcx, process and bugcheck. Everything else here is invented.
const csagentBase = 0xfffff80671430000n;
const faultingInstruction = 0xfffff806715114edn;
const addressRead = 0xffff840500000074n;
const trapFrame = 0xffff94058305ec20n;

const kernelBase = 0xfffff8066a200000n;
const stackPointer = 0xffff94058305e998n;
const trapFrameBytes = 0x190n;
const stackWords = 160;

const drivers = String.raw`\SystemRoot\System32\drivers`;
const module = (path: string, base: bigint, sizeBytes: number, timeDateStamp: number): LabModule => ({
  path,
  base,
  sizeBytes,
  timeDateStamp,
});

/** Windows 11 with the sensor: the kernel first, then in the order of loading. */
export const csagentModules: readonly LabModule[] = [
  module(String.raw`\SystemRoot\system32\ntoskrnl.exe`, kernelBase, 0x1047000, 0x5e1c7a3b),
  module(String.raw`\SystemRoot\system32\hal.dll`, 0xfffff80669e00000n, 0x6000, 0x8b7b4a50),
  module(String.raw`\SystemRoot\system32\kd.dll`, 0xfffff80669e10000n, 0xc000, 0xd0b8a1e4),
  module(`${drivers}\\CLFS.SYS`, 0xfffff8066e600000n, 0x72000, 0x93d8f1a6),
  module(`${drivers}\\FLTMGR.SYS`, 0xfffff8066e700000n, 0x7b000, 0xa4fe37c9),
  module(`${drivers}\\ksecdd.sys`, 0xfffff8066e7a0000n, 0x2d000, 0xe1206b17),
  module(String.raw`\SystemRoot\system32\CI.dll`, 0xfffff8066e880000n, 0xf4000, 0xb94d5e02),
  module(`${drivers}\\Wdf01000.sys`, 0xfffff8066ea00000n, 0xd5000, 0xc7732d18),
  module(`${drivers}\\CrowdStrike\\csboot.sys`, 0xfffff8066eb60000n, 0x15000, 0x65d5c0f1),
  module(`${drivers}\\storport.sys`, 0xfffff8066ed00000n, 0xba000, 0x9d41a07f),
  module(`${drivers}\\stornvme.sys`, 0xfffff8066edd0000n, 0x3a000, 0x8ee12c64),
  module(`${drivers}\\Ntfs.sys`, 0xfffff8066f000000n, 0x331000, 0xf30b9c55),
  module(`${drivers}\\ndis.sys`, 0xfffff8066f400000n, 0x17f000, 0xd88c4471),
  module(`${drivers}\\NETIO.SYS`, 0xfffff8066f590000n, 0x98000, 0xb0176ade),
  module(`${drivers}\\tcpip.sys`, 0xfffff8066f700000n, 0x318000, 0xaa3e5d90),
  module(`${drivers}\\fwpkclnt.sys`, 0xfffff8066fa30000n, 0x7f000, 0xc2b7e013),
  module(`${drivers}\\CrowdStrike\\csagent.sys`, csagentBase, 0x3b5000, 0x665e4b9c),
  module(`${drivers}\\npfs.sys`, 0xfffff80671900000n, 0x1d000, 0xe9fa2b48),
];

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
