import type { LogProblem, TextEncoding } from './boot-log.ts';

/** A line that the installer marked as an error (`!!!`) or a warning (`!`). */
export interface SetupapiRemark {
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly line: number;
}

/** A driver package that was added to the driver store, as its section tells it. */
export interface InstalledDriverPackage {
  /** Name in `Windows\INF`: `oem12.inf`, or the own name of a package that came with Windows. */
  readonly inf: string;
  /** Folder in the driver store, `vboxguest.inf_amd64_015c006906a48641`. */
  readonly storeFolder: string;
  readonly provider: string | null;
  readonly version: string | null;
  /** `2016-07-18`. */
  readonly driverDate: string | null;
  /** When its section began, in the machine's local time. */
  readonly installedAtLocal: string | null;
  readonly line: number;
}

/** One run of the device installer. */
export interface SetupapiSection {
  /** What was done, `Device Install (Hardware initiated)`. */
  readonly title: string;
  /** What it was done to: a device, a hardware id or an INF file; null when the section names nothing. */
  readonly subject: string | null;
  readonly startedAtLocal: string | null;
  /** Null when the log ends first: the machine may have died here. */
  readonly endedAtLocal: string | null;
  /** `SUCCESS`, `FAILURE(0x00000005)`; null when the section has no end. */
  readonly exitStatus: string | null;
  readonly outcome: 'done' | 'failed' | 'unfinished';
  readonly errorCode: string | null;
  /** The driver that was chosen for a device. */
  readonly selectedDriver: { readonly description: string | null; readonly inf: string | null } | null;
  readonly packages: readonly InstalledDriverPackage[];
  readonly remarks: readonly SetupapiRemark[];
  /** Start of Windows in which the section ran. */
  readonly bootedAtLocal: string | null;
  readonly line: number;
}

/** What setupapi.dev.log says, newest first. */
export interface SetupapiLog {
  readonly format: 'setupapi-log';
  readonly encoding: TextEncoding;
  readonly osVersion: string | null;
  readonly sections: readonly SetupapiSection[];
  /** Driver packages of all sections, newest first. */
  readonly packages: readonly InstalledDriverPackage[];
  readonly problems: readonly LogProblem[];
}

export type SetupapiLogResult =
  { readonly ok: true; readonly log: SetupapiLog } | { readonly ok: false; readonly problem: LogProblem };
