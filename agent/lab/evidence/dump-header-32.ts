import type { ByteCanvas } from './byte-canvas.ts';
import type { LabCrash } from './triage-dump.ts';

/** What the header of a 32-bit dump says besides the crash itself. */
export interface HeaderOptions32 {
  readonly dumpType: number;
  readonly directoryTableBase?: bigint;
  readonly loadedModuleList?: bigint;
  readonly usesPae?: boolean;
  readonly runs?: readonly (readonly [page: number, count: number])[];
}

const fileTimeOf = (at: Date) => (BigInt(at.getTime()) + 11644473600000n) * 10000n;

/** Writes the header of a 32-bit kernel dump; addresses of the crash are cut to 32 bits. */
export function writeDumpHeader32(canvas: ByteCanvas, crash: LabCrash, options: HeaderOptions32): void {
  const address = (at: number, value: bigint) => canvas.u32(at, Number(BigInt.asUintN(32, value)));
  canvas.fill(0, 0x1000, 'PAGE');
  canvas.ascii(0x04, 'DUMP');
  canvas.u32(0x08, 15);
  canvas.u32(0x0c, crash.osBuild);
  address(0x10, options.directoryTableBase ?? 0x1ad000n);
  if (options.loadedModuleList !== undefined) address(0x18, options.loadedModuleList);
  canvas.u32(0x20, 0x14c);
  canvas.u32(0x24, crash.processors);
  canvas.u32(0x28, crash.bugcheck.code);
  crash.bugcheck.parameters.forEach((parameter, index) => address(0x2c + index * 4, parameter));
  canvas.bytes(0x5c, Uint8Array.of(options.usesPae === true ? 1 : 0));
  if (options.runs) {
    canvas.u32(0x64, options.runs.length);
    canvas.u32(
      0x68,
      options.runs.reduce((sum, [, count]) => sum + count, 0),
    );
    options.runs.forEach(([page, count], index) => {
      canvas.u32(0x6c + index * 8, page);
      canvas.u32(0x70 + index * 8, count);
    });
  }
  canvas.bytes(0x320, new Uint8Array(0x2cc));
  address(0x320 + 0xb8, crash.instruction);
  address(0x320 + 0xc4, crash.stackPointer);
  canvas.u32(0xf88, options.dumpType);
  canvas.u64(0xfb8, BigInt(Math.round(crash.upTimeSeconds * 1e7)));
  canvas.u64(0xfc0, fileTimeOf(crash.capturedAt));
}
