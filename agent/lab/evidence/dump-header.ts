import type { ByteCanvas } from './byte-canvas.ts';
import type { LabCrash } from './triage-dump.ts';

/** What the header of a dump says besides the crash itself. */
export interface HeaderOptions {
  readonly dumpType: number;
  readonly miniDumpFields?: number;
  /** DUMP_FILE_ATTRIBUTES; older Windows leaves them empty. */
  readonly attributes?: number;
  readonly architecture?: 'x64' | 'arm64';
  readonly directoryTableBase?: bigint;
  readonly loadedModuleList?: bigint;
  readonly debuggerData?: bigint;
  readonly requiredSpace?: bigint;
  /** Runs of physical pages, first page and count; dumps without pages leave them empty. */
  readonly runs?: readonly (readonly [page: number, count: number])[];
}

const headerBytes = 0x2000;
const debuggerDataAddress = 0xfffff8066ae00b20n;
const fileTimeOf = (at: Date) => (BigInt(at.getTime()) + 11644473600000n) * 10000n;

/** Writes the header of a 64-bit kernel dump. */
export function writeDumpHeader(canvas: ByteCanvas, crash: LabCrash, options: HeaderOptions): void {
  const { bugcheck } = crash;
  canvas.fill(0, headerBytes, 'PAGE');
  canvas.ascii(0x004, 'DU64');
  canvas.u32(0x008, 15);
  canvas.u32(0x00c, crash.osBuild);
  canvas.u64(0x010, options.directoryTableBase ?? 0x1ad002n);
  if (options.loadedModuleList !== undefined) canvas.u64(0x020, options.loadedModuleList);
  canvas.u32(0x030, options.architecture === 'arm64' ? 0xaa64 : 0x8664);
  canvas.u32(0x034, crash.processors);
  canvas.u32(0x038, bugcheck.code);
  bugcheck.parameters.forEach((parameter, index) => canvas.u64(0x040 + index * 8, parameter));
  canvas.u64(0x080, options.debuggerData ?? debuggerDataAddress);
  if (options.runs) {
    canvas.u32(0x088, options.runs.length);
    canvas.u64(0x090, BigInt(options.runs.reduce((sum, [, count]) => sum + count, 0)));
    options.runs.forEach(([page, count], index) => {
      canvas.u64(0x098 + index * 16, BigInt(page));
      canvas.u64(0x0a0 + index * 16, BigInt(count));
    });
  }
  writeContext(canvas, 0x348, crash);
  // The record of the breakpoint with which the kernel stops itself; it is there in every dump.
  canvas.u32(0xf00, 0x80000003);
  canvas.u32(0xf04, 1);
  canvas.u64(0xf08, 0n);
  canvas.u64(0xf10, crash.instruction);
  canvas.u32(0xf18, 0);
  canvas.u32(0xf98, options.dumpType);
  if (options.requiredSpace !== undefined) canvas.u64(0xfa0, options.requiredSpace);
  canvas.u64(0xfa8, fileTimeOf(crash.capturedAt));
  canvas.u64(0x1030, BigInt(Math.round(crash.upTimeSeconds * 1e7)));
  if (options.miniDumpFields !== undefined) canvas.u32(0x1038, options.miniDumpFields);
  canvas.u32(0x1040, 1);
  canvas.u32(0x1044, 0x110);
  canvas.u32(0x1048, 0);
  if (options.attributes !== undefined) canvas.u32(0x1050, options.attributes);
}

/** Registers inside of KeBugCheckEx, which takes the bugcheck as its arguments in rcx, rdx, r8 and r9. */
export function writeContext(
  canvas: ByteCanvas,
  context: number,
  { bugcheck, instruction, stackPointer }: LabCrash,
): void {
  canvas.bytes(context, new Uint8Array(0x4d0));
  canvas.u32(context + 0x30, 0x10005f);
  canvas.u32(context + 0x34, 0x1f80);
  canvas.u16(context + 0x38, 0x10);
  canvas.u16(context + 0x42, 0x18);
  canvas.u32(context + 0x44, 0x246);
  canvas.u64(context + 0x80, BigInt(bugcheck.code));
  canvas.u64(context + 0x88, bugcheck.parameters[0]);
  canvas.u64(context + 0x98, stackPointer);
  canvas.u64(context + 0xb8, bugcheck.parameters[1]);
  canvas.u64(context + 0xc0, bugcheck.parameters[2]);
  canvas.u64(context + 0xf8, instruction);
  canvas.u32(context + 0x118, 0x1f80);
}
