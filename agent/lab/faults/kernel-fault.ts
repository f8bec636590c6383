import { buildKernelCrash, type KernelCrash } from '../evidence/kernel-crash.ts';
import type { LabFault } from '../lab-fault.ts';
import type { LabTree } from '../lab-tree.ts';

/** A stop that Windows itself decides on, whatever brought it about. */
export interface KernelStop extends Omit<KernelCrash, 'capturedAt'> {
  /** Whether the machine is as it must be for this to happen. */
  readonly because: (tree: LabTree) => boolean;
}

/** Windows has loaded its drivers when its kernel stops it; the page file is open, so a dump is left. */
export const kernelFault = ({ because, ...stop }: KernelStop): LabFault => ({
  find: tree =>
    because(tree)
      ? {
          kind: 'crash',
          driver: 'npfs.sys',
          buildDump: capturedAt => buildKernelCrash({ ...stop, capturedAt }),
        }
      : undefined,
});
