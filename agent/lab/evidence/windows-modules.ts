import type { LabModule } from './triage-dump.ts';

/** Where the lab's kernel lies in memory. Addresses, sizes and stamps are invented. */
export const kernelBase = 0xfffff8066a200000n;

const drivers = String.raw`\SystemRoot\System32\drivers`;
const module = (path: string, base: bigint, sizeBytes: number, timeDateStamp: number): LabModule => ({
  path,
  base,
  sizeBytes,
  timeDateStamp,
});

/** What a lab Windows loads of its own: the kernel first, then in the order of loading. */
export const windowsModules: readonly LabModule[] = [
  module(String.raw`\SystemRoot\system32\ntoskrnl.exe`, kernelBase, 0x1047000, 0x5e1c7a3b),
  module(String.raw`\SystemRoot\system32\hal.dll`, 0xfffff80669e00000n, 0x6000, 0x8b7b4a50),
  module(String.raw`\SystemRoot\system32\kd.dll`, 0xfffff80669e10000n, 0xc000, 0xd0b8a1e4),
  module(`${drivers}\\CLFS.SYS`, 0xfffff8066e600000n, 0x72000, 0x93d8f1a6),
  module(`${drivers}\\FLTMGR.SYS`, 0xfffff8066e700000n, 0x7b000, 0xa4fe37c9),
  module(`${drivers}\\ksecdd.sys`, 0xfffff8066e7a0000n, 0x2d000, 0xe1206b17),
  module(String.raw`\SystemRoot\system32\CI.dll`, 0xfffff8066e880000n, 0xf4000, 0xb94d5e02),
  module(`${drivers}\\Wdf01000.sys`, 0xfffff8066ea00000n, 0xd5000, 0xc7732d18),
  module(`${drivers}\\storport.sys`, 0xfffff8066ed00000n, 0xba000, 0x9d41a07f),
  module(`${drivers}\\stornvme.sys`, 0xfffff8066edd0000n, 0x3a000, 0x8ee12c64),
  module(`${drivers}\\Ntfs.sys`, 0xfffff8066f000000n, 0x331000, 0xf30b9c55),
  module(`${drivers}\\ndis.sys`, 0xfffff8066f400000n, 0x17f000, 0xd88c4471),
  module(`${drivers}\\NETIO.SYS`, 0xfffff8066f590000n, 0x98000, 0xb0176ade),
  module(`${drivers}\\tcpip.sys`, 0xfffff8066f700000n, 0x318000, 0xaa3e5d90),
  module(`${drivers}\\fwpkclnt.sys`, 0xfffff8066fa30000n, 0x7f000, 0xc2b7e013),
  module(`${drivers}\\npfs.sys`, 0xfffff80671900000n, 0x1d000, 0xe9fa2b48),
];

/** File names of Microsoft's drivers among them. */
export const windowsDriverNames: readonly string[] = windowsModules
  .filter(({ path }) => path.startsWith(drivers))
  .map(({ path }) => path.slice(drivers.length + 1));
