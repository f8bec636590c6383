/** One run of a program, as a plan has it. */
export type ToolRun = SystemToolRun | ProgramRun;

/** A program of the found Windows, which the policy of the device allows. */
export interface ProgramRun {
  readonly tool: 'program';
  /** Absolute path on the found volume, as the volume spells it. */
  readonly path: string;
  /** The bytes that run, 64 hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** One element is one argument; no shell ever reads them. */
  readonly arguments: readonly string[];
  readonly timeoutMinutes: number;
  readonly succeedsOn: readonly number[];
  readonly sign?: never;
}

/** A tool of the recovery environment. */
export interface SystemToolRun {
  readonly tool: 'bcdboot' | 'bcdedit' | 'chkdsk' | 'dism' | 'sfc';
  /** One element is one argument; no shell ever reads them. */
  readonly arguments: readonly string[];
  readonly timeoutMinutes: number;
  /** Where it shows whether the run did what it is for; without one, and without proof on the volume, its word counts. */
  readonly sign?: ToolSign;
}

/**
 * What tells more than an exit code. `boot-option`: the boot store says so, before and after. `boot-entry`: the boot
 * store has an entry that starts this Windows. `repair-log`: SFC writes what it could not repair into a log of ours.
 * `pending-servicing`: DISM reads and writes what waits for the next start, so a run that did anything leaves it changed.
 */
export type ToolSign =
  | ({ readonly kind: 'boot-option' } & WantedBootOption)
  | { readonly kind: 'boot-entry' }
  | { readonly kind: 'repair-log'; readonly file: string; readonly argument: string }
  | { readonly kind: 'pending-servicing' };

/** An option of the Windows that starts by default, by its name for BCDEdit; without a value it is absent. */
export interface WantedBootOption {
  readonly element: string;
  readonly value?: string;
}

/** `W:` of `W:\`. */
const driveOf = (root: string) => root.slice(0, 2);

/** Where DISM unpacks: the RAM disk of WinRE is too small, so on the volume it repairs. */
export const scratchFolderOn = (root: string): string => `${root}ProgramData\\Bootmend\\scratch`;

// Sources: Microsoft, DISM operating system package servicing and driver servicing command-line options; removal of a
// package was seen to take 16 minutes.
const dism = (root: string, timeoutMinutes: number, ...rest: readonly string[]): SystemToolRun => ({
  tool: 'dism',
  arguments: ['/English', `/Image:${root}`, `/ScratchDir:${scratchFolderOn(root)}`, ...rest],
  timeoutMinutes,
});

export const removePackageRun = (root: string, identity: string): SystemToolRun =>
  dism(root, 60, '/Remove-Package', `/PackageName:${identity}`);

export const revertPendingRun = (root: string): SystemToolRun => ({
  ...dism(root, 60, '/Cleanup-Image', '/RevertPendingActions'),
  sign: { kind: 'pending-servicing' },
});

export const removeDriverRun = (root: string, file: string): SystemToolRun =>
  dism(root, 30, '/Remove-Driver', `/Driver:${file}`);

/**
 * Source: Microsoft, sfc command: an offline Windows is named by its boot and its Windows directory, and /offlogfile
 * says where the log of an offline repair goes. The sfc of the first Windows 10 does not know that one.
 */
export const repairSystemFilesRun = (root: string, windowsDirectory: string): SystemToolRun => ({
  tool: 'sfc',
  arguments: ['/scannow', `/offbootdir=${root}`, `/offwindir=${windowsDirectory}`],
  timeoutMinutes: 90,
  sign: {
    kind: 'repair-log',
    file: `${scratchFolderOn(root)}\\sfc.log`,
    argument: `/offlogfile=${scratchFolderOn(root)}\\sfc.log`,
  },
});

/**
 * Source: Microsoft, chkdsk command. /f repairs what it can without reading the whole disk, and asks a question nobody
 * answers when it cannot lock the volume; /x dismounts it first, which in WinRE takes it from nobody but us.
 */
export const repairFileSystemRun = (root: string): SystemToolRun => ({
  tool: 'chkdsk',
  arguments: [driveOf(root), '/f', '/x'],
  timeoutMinutes: 120,
});

/** Source: Microsoft, BCDBoot command-line options. */
export const repairBootFilesRun = (windowsDirectory: string): SystemToolRun => ({
  tool: 'bcdboot',
  arguments: [windowsDirectory, '/f', 'ALL'],
  timeoutMinutes: 10,
  sign: { kind: 'boot-entry' },
});

/** Source: Microsoft, BCDEdit /set and /deletevalue; in WinRE {default} is the Windows that failed to start. */
export const setBootOptionRun = (element: string, value: string): SystemToolRun => ({
  tool: 'bcdedit',
  arguments: ['/set', '{default}', element, value],
  timeoutMinutes: 2,
  sign: { kind: 'boot-option', element, value },
});

export const clearBootOptionRun = (element: string): SystemToolRun => ({
  tool: 'bcdedit',
  arguments: ['/deletevalue', '{default}', element],
  timeoutMinutes: 2,
  sign: { kind: 'boot-option', element },
});
