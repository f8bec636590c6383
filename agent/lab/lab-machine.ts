import type { LabFault } from './lab-fault.ts';
import type { MachineRecord } from './machine-record.ts';

export interface BuildOptions {
  /** The time to enrol it. */
  readonly whileHealthy?: () => Promise<void>;
  /** Another of its kind. */
  readonly identity?: MachineRecord['identity'];
}

/** A machine that shows one bad update, as a catalogue folder offers it. */
export interface LabMachine {
  readonly id: string;
  readonly title: string;
  /**
   * Builds the machine in a new folder, starts its healthy Windows, then lets happen what the machine shows and starts
   * it until the firmware gives up and enters WinRE.
   */
  readonly build: (directory: string, options?: BuildOptions) => Promise<void>;
  /** Why it does not start, unless the software of the lab itself knows (`try-boot.ts`). */
  readonly fault?: LabFault;
  /** What a right repair takes away, as paths below the Windows drive; empty when nothing may be touched. */
  readonly bad: readonly string[];
  /** What a right repair gives other contents, as hives that it edits; their old contents lie in quarantine. */
  readonly mended?: readonly string[];
  /** What tools of Windows change in a right repair, which nobody can take back. */
  readonly byTool?: readonly string[];
  /** What a right repair puts there anew. */
  readonly added?: readonly string[];
  /** Look-alikes that must stay. */
  readonly good: readonly string[];
}
