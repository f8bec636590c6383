import { type LabCrash, type LabModule, buildTriageDump } from './triage-dump.ts';
import { kernelBase, windowsModules } from './windows-modules.ts';

/** A crash in a driver, as far as the lab tells it apart from others. */
export interface DriverCrash {
  readonly capturedAt: Date;
  readonly osBuild: number;
  readonly bugcheck: number;
  /** File name, as `ldiagio.sys`; below `System32\drivers` unless `path` says otherwise. */
  readonly driver: string;
  readonly path?: string;
  /** Where in the driver, from its start. */
  readonly offset: number;
  readonly timeDateStamp: number;
  readonly process?: string;
  /** The four parameters, given the address in the driver; those of a fault in memory unless told. */
  readonly parameters?: (faultingInstruction: bigint) => readonly [bigint, bigint, bigint, bigint];
}

const driverBase = 0xfffff80672000000n;
const driverBytes = 0x60000;
const stackPointer = 0xffff94058305e998n;
const addressRead = 0xffff840500000010n;
const stackWords = 96;

/**
 * Builds the dump of a crash in a driver: its frames lie on the stack under those of the kernel that stops Windows.
 * Addresses are the lab's own; real ones differ from start to start.
 */
export function buildDriverCrash(crash: DriverCrash): Uint8Array {
  const faulting = driverBase + BigInt(crash.offset);
  const { parameters = at => [addressRead, 0n, at, 2n] } = crash;
  const module: LabModule = {
    path: crash.path ?? String.raw`\SystemRoot\System32\drivers` + `\\${crash.driver}`,
    base: driverBase,
    sizeBytes: driverBytes,
    timeDateStamp: crash.timeDateStamp,
  };
  const dump: LabCrash = {
    osBuild: crash.osBuild,
    processors: 8,
    bugcheck: { code: crash.bugcheck, parameters: parameters(faulting) },
    capturedAt: crash.capturedAt,
    upTimeSeconds: 11.408,
    process: crash.process ?? 'System',
    modules: [...windowsModules, module],
    instruction: kernelBase + 0x4164e0n,
    stackPointer,
    stack: stackOf(faulting),
  };
  return buildTriageDump(dump);
}

/** Return addresses from the stop down into the driver and the system thread that ran it. */
function stackOf(faulting: bigint): bigint[] {
  const words = Array.from({ length: stackWords }, () => 0n);
  const frames: readonly (readonly [word: number, address: bigint])[] = [
    [0, kernelBase + 0x47b1f2n],
    [21, kernelBase + 0x26c8adn],
    [40, faulting],
    [52, faulting + 0x1c4n],
    [64, driverBase + 0x1c51en],
    [76, kernelBase + 0x355d97n],
    [84, kernelBase + 0x41bc64n],
  ];
  for (const [word, address] of frames) words[word] = address;
  return words;
}
