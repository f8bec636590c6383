import type { DirectoryEntry } from '../../shared/facts/volume-view.ts';
import type { Curves } from '../../shared/trust/curves.ts';

/**
 * Everything the agent may do to the machine it stands on. The recovery code in `agent/core` sees nothing else, so the
 * same code runs in WinRE, under Node, on a lab folder and in memory. No decision is taken behind this interface.
 *
 * Paths are absolute Windows paths (`C:\Windows`), compared as NTFS does. Files and directories are synchronous, as
 * in a native host; what waits for the world is a promise.
 */
export interface Host {
  readonly files: HostFiles;
  readonly clock: HostClock;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** What keys are used for; it computes and changes nothing. */
  readonly curves: Curves;
  /** The bytes deflated (RFC 1951, without a frame), which may be more than they were. */
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  readonly network: HostNetwork;
  readonly tools: HostTools;
  readonly screen: HostScreen;
  readonly log: HostLog;
  readonly machine: HostMachine;
}

/** Why a call failed. `transient`: surely not done. `ambiguous`: may have happened. `permanent`: will not work. */
export type HostFailure =
  | { readonly kind: 'transient'; readonly code: string; readonly message: string }
  | { readonly kind: 'ambiguous'; readonly code: string; readonly message: string }
  | { readonly kind: 'permanent'; readonly code: string; readonly message: string };

/** Codes of file calls that fail. Unlisted trouble of a device is `input-output`. */
export type FileFailureCode =
  | 'not-found'
  | 'already-exists'
  | 'not-a-file'
  | 'not-a-directory'
  | 'not-empty'
  | 'disk-full'
  | 'other-volume'
  | 'volume-missing'
  | 'access-denied'
  /** Somebody else has it open, and shares it not enough. */
  | 'in-use'
  | 'path-invalid'
  | 'input-output';

/** Thrown by file calls that fail; carries the sorted reason. */
export class HostError extends Error {
  readonly failure: HostFailure;
  constructor(failure: HostFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'HostError';
    this.failure = failure;
  }
}

/**
 * Files of the mounted volumes. Nothing here writes into an existing file in place: System32 files are hard links.
 * An effect is durable only after `flush`; a power cut before may lose it, tear it, or keep names without contents.
 *
 * A symlink or junction is an entry of its own and never followed: what lies behind one is absent, and a change there
 * fails with `not-found`. Files compressed by Windows (WOF) are plain files.
 */
export interface HostFiles {
  /** The entry itself, links not followed; undefined when absent. */
  readonly find: (path: string) => DirectoryEntry | undefined;
  /** Entries in name order; undefined when absent, not a directory or a link. */
  readonly list: (path: string) => readonly DirectoryEntry[] | undefined;
  /** At most `lengthBytes` from `offset`; fewer at the end of the file. Fails with `not-found` or `not-a-file`. */
  readonly read: (path: string, offset: number, lengthBytes: number) => Uint8Array;
  /** SHA-256 of a whole file, streamed, as 64 hex digits. */
  readonly hash: (path: string) => string;
  /** Creates a new file in a directory that exists; fails with `already-exists`. */
  readonly create: (path: string, bytes: Uint8Array) => void;
  /** Appends to a file of our own, creating it when absent. */
  readonly append: (path: string, bytes: Uint8Array) => void;
  /** Creates a directory and its parents, readable by SYSTEM alone; no effect when present. */
  readonly makeDirectory: (path: string) => void;
  /**
   * Renames a file within one volume, atomically; fails with `already-exists` unless `replace`. The file keeps its
   * contents, times, links and access list.
   */
  readonly rename: (from: string, to: string, options?: { readonly replace: boolean }) => void;
  /**
   * Gives a file a second name on its volume, a hard link; fails with `already-exists`. Whatever then takes the place
   * of the first name, the file lives on under the second with contents, times and access list.
   */
  readonly link: (from: string, to: string) => void;
  /** Removes a file or an empty directory of our own. */
  readonly remove: (path: string) => void;
  /** Bytes that this process may still write on the volume of a path; undefined when the host cannot tell. */
  readonly freeBytes: (path: string) => number | undefined;
  /** Makes everything done so far on this path's volume durable, contents and names. */
  readonly flush: (path: string) => void;
}

export interface HostClock {
  /** Milliseconds that only rise. */
  monotonicMs(): number;
  /** The machine's idea of the time, milliseconds since 1970; may be years off in WinRE and decides nothing. */
  wallMs(): number;
  /** Waits; resolves early with `key` when a person presses one. */
  wait(ms: number): Promise<'elapsed' | 'key'>;
}

export interface HttpRequest {
  readonly method: 'POST';
  /** One of the configured server addresses, as `https://10.0.0.5:8443`. */
  readonly server: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** SHA-256 of the server's public key (SPKI), 64 hex digits; the body is sent only when one of them is presented. */
  readonly pins: readonly string[];
  /** `HOST:PORT` of a proxy to go through by CONNECT; the pin is compared through it. Absent: directly. */
  readonly proxy?: string | undefined;
  readonly timeoutMs: number;
  /** A key press ends it with the code `key-pressed`; the next wait of the clock still finds the key. */
  readonly endsAtKey?: boolean | undefined;
}

export type HttpResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly failure: HostFailure };

export interface HostNetwork {
  /** Whether this machine has an address now that reaches others. */
  hasAddress(): boolean;
  /**
   * One request over TLS with a pinned key; connections are reused. Answers above 1 MiB are cut off and fail. A proxy that
   * cannot be reached is `proxy-unreachable`, one that does not let us through `proxy-refused`; both are transient.
   */
  request(request: HttpRequest): Promise<HttpResult>;
}

/** Programs that the agent may start. A host resolves each to one full path and never looks along a search path. */
export const toolNames = [
  'bcdboot',
  'bcdedit',
  'chkdsk',
  'dism',
  'manage-bde',
  'net',
  'netsh',
  'pnputil',
  'reagentc',
  'reg',
  'schtasks',
  'sfc',
  'wpeutil',
] as const;
export type ToolName = (typeof toolNames)[number];

export interface ToolRequest {
  readonly tool: ToolName;
  /** One element is one argument, whatever it holds; no shell ever reads them. */
  readonly arguments: readonly string[];
  readonly timeoutMs: number;
  /** Hears each line of output as it comes, progress too. */
  readonly onLine?: (line: string) => void;
}

/** A file that the agent may start beside the tools: one it wrote itself, into a folder of its own. */
export interface ProgramRequest {
  /** Absolute path of a program; it is started as it lies there, with nothing looked for anywhere else. */
  readonly path: string;
  /** One element is one argument, whatever it holds; no shell ever reads them. */
  readonly arguments: readonly string[];
  readonly timeoutMs: number;
}

/** Codes of programs that never started; any other reason is `tool-not-started`. */
export type ToolStartCode =
  | 'tool-missing'
  /** A policy of Windows lets it not start. */
  | 'tool-blocked'
  | 'tool-taken-for-virus'
  | 'tool-not-started';

/**
 * How a program ended. `output` holds both streams as text, at most 64 KiB: the beginning is left out of what is longer.
 * `timed-out`: it was ended with all its children, and may have done anything. `failed` is ambiguous unless it says
 * that the program never started.
 */
export type ToolResult =
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      readonly output: string;
      readonly truncated: boolean;
    }
  | { readonly kind: 'timed-out'; readonly output: string; readonly truncated: boolean }
  | { readonly kind: 'failed'; readonly failure: HostFailure };

export interface HostTools {
  /** A program of the environment that runs, `X:\Windows\System32\NAME.exe` in WinRE; never one of the found Windows. */
  run(request: ToolRequest): Promise<ToolResult>;
  /** A program by its path; the one who asks has looked at its bytes. */
  runProgram(request: ProgramRequest): Promise<ToolResult>;
}

/** What a help desk asks a person for. */
export interface HelpDeskCard {
  readonly deviceName: string;
  readonly incidentCode?: string;
  readonly helpDesk?: string;
  /** Ids of the recovery passwords of a locked volume; never a password. */
  readonly bitLockerKeyIds?: readonly string[];
  /** What a person reads to the help desk, so that it releases the recovery password to this machine. */
  readonly unlockCode?: string | undefined;
}

/** What the person in front of the machine reads: calm, whole screen, no prompt. */
export interface ScreenState {
  readonly headline: string;
  readonly detail: string;
  readonly progress?: { readonly done: number; readonly of: number };
  readonly card: HelpDeskCard;
}

export interface HostScreen {
  show(state: ScreenState): void;
}

/** One line of the run's record, for the person who looks into it later. Never a secret, never contents of a dump. */
export interface LogEntry {
  /** Milliseconds since the run began. */
  readonly atMs: number;
  readonly level: 'error' | 'warn' | 'info';
  /** Stable kebab-case word for what happened. */
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

export interface HostLog {
  write(entry: LogEntry): void;
  /** From now on the record also stands in this file of our own, from its beginning; where a host keeps none, nothing. */
  keepAt?(path: string): void;
}

/** A mounted volume. `X:` of WinRE itself is never listed, but files on it can be read. */
export interface HostVolume {
  /** `C:\`, with the trailing backslash. */
  readonly root: string;
  /** `unknown`: it can be read, and whether BitLocker protects it is not to be seen without its tool. */
  readonly bitLocker: 'none' | 'unlocked' | 'locked' | 'unknown';
}

/** Why the recovery environment runs, as far as Windows tells. */
export interface StartReason {
  /** What started us. `other` is Reset, a remote wipe, a technician: not ours. */
  readonly kind: 'failed-boot' | 'marker' | 'test-mode' | 'other';
  /** With `other`: what kept us from telling, as a sentence for a person; absent where it is surely another's turn. */
  readonly unclear?: string;
  readonly failedStarts?: number;
  readonly lastFailedAtMs?: number;
}

/** Where the machine's power comes from. Below 20 % on battery nothing is done that cannot be taken back. */
export interface PowerState {
  readonly source: 'mains' | 'battery' | 'unknown';
  /** Charge of the battery, 0 to 100; absent without a battery or when it is not told. */
  readonly percent?: number;
}

/** What the firmware says about the machine. */
export interface MachineIdentity {
  readonly name: string;
  readonly model?: string;
  readonly serial?: string;
  readonly smbiosId?: string;
  /** As the maker of the firmware writes it. */
  readonly firmwareVersion?: string | undefined;
  /** All memory modules together; absent unless the firmware knows every one. */
  readonly memoryMB?: number | undefined;
}

/** A file on a partition that mostly has no letter, and the room beside it. */
export interface ImagePlace {
  readonly imageBytes: number;
  readonly freeBytes: number;
}

export interface HostMachine {
  /** Where this process runs: in the recovery environment or in a Windows that has started. */
  readEnvironment(): 'recovery' | 'windows';
  readIdentity(): MachineIdentity;
  /** Why the recovery environment runs; undefined where only the files of the volumes tell, as on real Windows. */
  readStartReason(): StartReason | undefined;
  readPower(): PowerState;
  listVolumes(): readonly HostVolume[];
  /** The drive root of the Windows that the failing (or, in Windows, the running) boot entry names; undefined if unread. */
  readBootEntryVolume(): string | undefined;
  /**
   * A file on the partition that begins at this byte of its disk, letter or not; undefined when none, or not one alone,
   * holds it, or the host cannot look.
   */
  readImagePlace(startBytes: number, path: string): ImagePlace | undefined;
  /** Restarts the machine. The agent does nothing after it. */
  reboot(): void;
  /** Ends the agent so that the normal recovery menu comes up. */
  handOver(): void;
}
