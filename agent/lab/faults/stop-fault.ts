import type { LabFault, LabStop } from '../lab-fault.ts';
import type { LabTree } from '../lab-tree.ts';

/** A start that ends without a crash dump: on a screen of the boot manager, too early for the page file, or in a hang. */
export interface StoppedStart extends Omit<LabStop, 'kind'> {
  /** Whether the machine is as it must be for this to happen. */
  readonly because: (tree: LabTree) => boolean;
}

/** Windows does not come up as long as something is so. */
export const stopFault = ({ because, ...stop }: StoppedStart): LabFault => ({
  find: tree => (because(tree) ? { kind: 'stop', ...stop } : undefined),
});
