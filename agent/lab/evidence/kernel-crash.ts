import { type LabModule, buildTriageDump } from './triage-dump.ts';
import { kernelBase, windowsModules } from './windows-modules.ts';

/** A stop of Windows by its own kernel, with no driver of another maker on the stack. */
export interface KernelCrash {
  readonly capturedAt: Date;
  readonly osBuild: number;
  readonly bugcheck: number;
  readonly parameters: readonly [bigint, bigint, bigint, bigint];
  /** What ran; `System` unless told. A dump keeps 14 characters of it. */
  readonly process?: string;
  /** Modules loaded besides. */
  readonly modules?: readonly LabModule[];
}

const stackWords = 64;

/** Builds the dump of a stop in the kernel: only its own frames lie on the stack. */
export function buildKernelCrash(crash: KernelCrash): Uint8Array {
  const stack = Array.from({ length: stackWords }, () => 0n);
  const frames: readonly (readonly [word: number, offset: bigint])[] = [
    [0, 0x47b1f2n],
    [18, 0x26c8adn],
    [34, 0x6a1b7cn],
    [46, 0x355d97n],
    [54, 0x41bc64n],
  ];
  for (const [word, offset] of frames) stack[word] = kernelBase + offset;
  return buildTriageDump({
    osBuild: crash.osBuild,
    processors: 8,
    bugcheck: { code: crash.bugcheck, parameters: crash.parameters },
    capturedAt: crash.capturedAt,
    upTimeSeconds: 11.408,
    process: crash.process ?? 'System',
    modules: [...windowsModules, ...(crash.modules ?? [])],
    instruction: kernelBase + 0x4164e0n,
    stackPointer: 0xffff94058305e998n,
    stack,
  });
}
