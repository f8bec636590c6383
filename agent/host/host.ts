import type { DirectoryEntry } from '../../shared/facts/volume-view.ts';

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
  readonly network: HostNetwork;
  readonly screen: HostScreen;
  readonly machine: HostMachine;
}

/** Why a call failed. `transient`: surely not done. `ambiguous`: may have happened. `permanent`: will not work. */
export type HostFailure =
  | { readonly kind: 'transient'; readonly code: string; readonly message: string }
  | { readonly kind: 'ambiguous'; readonly code: string; readonly message: string }
  | { readonly kind: 'permanent'; readonly code: string; readonly message: string };

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
 * An effect is durable only after `flush`; a power cut before may lose or tear it.
 */
export interface HostFiles {
  /** The entry itself, links not followed; undefined when absent. */
  find(path: string): DirectoryEntry | undefined;
  /** Entries in name order; undefined when absent, not a directory or a link. */
  list(path: string): readonly DirectoryEntry[] | undefined;
  /** At most `lengthBytes` from `offset`; fewer at the end of the file. */
  read(path: string, offset: number, lengthBytes: number): Uint8Array;
  /** SHA-256 of a whole file, streamed, as 64 hex digits. */
  hash(path: string): string;
  /** Creates a new file; fails with `already-exists`. */
  create(path: string, bytes: Uint8Array): void;
  /** Appends to a file of our own, creating it when absent. */
  append(path: string, bytes: Uint8Array): void;
  /** Creates a directory and its parents; no effect when present. */
  makeDirectory(path: string): void;
  /** Renames within one volume, atomically; fails with `already-exists` unless `replace`. Keeps everything of the file. */
  rename(from: string, to: string, options?: { readonly replace: boolean }): void;
  /** Removes a file or an empty directory of our own. */
  remove(path: string): void;
  /** Makes everything done so far on this path's volume durable, contents and names. */
  flush(path: string): void;
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
  readonly timeoutMs: number;
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
  /** Brings the network up and waits for an address; false when there is none in time. */
  start(timeoutMs: number): Promise<boolean>;
  /** One request over TLS with a pinned key; connections are reused. Answers above 1 MiB are cut off and fail. */
  request(request: HttpRequest): Promise<HttpResult>;
}

/** What the person in front of the machine reads: calm, whole screen, no prompt. */
export interface ScreenState {
  readonly headline: string;
  readonly detail: string;
  readonly progress?: { readonly done: number; readonly of: number };
  readonly card: { readonly deviceName: string; readonly incidentCode?: string; readonly helpDesk?: string };
}

export interface HostScreen {
  show(state: ScreenState): void;
}

/** A mounted volume. `X:` of WinRE itself is never listed. */
export interface HostVolume {
  /** `C:\`, with the trailing backslash. */
  readonly root: string;
  readonly bitLocker: 'none' | 'unlocked' | 'locked';
}

/** Why the recovery environment runs, as far as Windows tells. */
export interface StartReason {
  /** What started us. `other` is Reset, a remote wipe, a technician: not ours. */
  readonly kind: 'failed-boot' | 'marker' | 'test-mode' | 'other';
  readonly failedStarts?: number;
  readonly lastFailedAtMs?: number;
}

export interface HostMachine {
  readStartReason(): StartReason;
  listVolumes(): readonly HostVolume[];
  /** The drive root of the Windows that the failing boot entry names, when it can be read. */
  readBootEntryVolume(): string | undefined;
  /** Restarts the machine. The agent does nothing after it. */
  reboot(): void;
  /** Ends the agent so that the normal recovery menu comes up. */
  handOver(): void;
}
