import { memorySource } from '../../../shared/bytes/byte-source.ts';
import { readFileVersion } from '../../../shared/portable-executable/portable-executable.ts';
import { buildDriverCrash, type DriverCrash } from '../evidence/driver-crash.ts';
import type { LabFault } from '../lab-fault.ts';
import type { LabTree } from '../lab-tree.ts';
import { findServiceOf } from '../read-registry.ts';

/** A driver that crashes whenever Windows loads it. */
export interface FaultyDriver extends Omit<DriverCrash, 'capturedAt' | 'driver' | 'path'> {
  /** Name of its service. */
  readonly service: string;
  /** Its file below the Windows drive. */
  readonly file: string;
  /** Which versions of the file are at fault. */
  readonly isFaulty: (version: string) => boolean;
  /** What else must be so for it to crash. */
  readonly alsoNeeds?: (tree: LabTree) => boolean;
  /** It crashes before the page file is open, so that no dump is left. */
  readonly leavesNoDump?: boolean;
}

/** Windows loads the driver unless it is gone or disabled, and then stops in it. */
export const driverFault = (faulty: FaultyDriver): LabFault => ({
  find(tree) {
    const image = tree.read(faulty.file);
    const service = findServiceOf(tree, faulty.service);
    if (!image || !service || service.start === 'disabled' || service.start === 'demand') return undefined;
    const version = readFileVersion(memorySource(image));
    if (version === undefined || !faulty.isFaulty(version)) return undefined;
    if (faulty.alsoNeeds && !faulty.alsoNeeds(tree)) return undefined;
    const driver = faulty.file.slice(faulty.file.lastIndexOf('\\') + 1);
    const driverPath = faulty.file.replace(/^Windows\\/, '\\SystemRoot\\');
    return {
      kind: 'crash',
      driver,
      driverPath,
      ...(faulty.leavesNoDump
        ? {}
        : { buildDump: capturedAt => buildDriverCrash({ ...faulty, driver, path: driverPath, capturedAt }) }),
    };
  },
});
