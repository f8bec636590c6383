import { findWindows, type FoundWindows } from '../../core/found-windows.ts';
import { stateFolderOn } from '../../core/state-folder.ts';
import { joinPath } from '../../core/windows-path.ts';
import type { Host } from '../../host/host.ts';
import { removeTree } from '../file-work.ts';

/** What a step found. `seen`: to be read by a person beside what the machine is; nothing is judged. */
export type Verdict = 'holds' | 'fails' | 'seen' | 'not-tried';

export interface Found {
  readonly result: Verdict;
  /** What a person reads beside the claim. */
  readonly summary: string;
  /** What somebody needs who was not there; no name, no key, no password. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The machine that is tried. */
export interface Bench {
  readonly host: Host;
  /** The Windows that fails to start, or why there is none; in a Windows that runs, that one. */
  readonly windows: FoundWindows | string;
  /** Most heap that the agent took until now; absent where nobody counts. */
  readonly peakBytes?: (() => number) | undefined;
}

/** One thing that only a real Windows can show; `docs/not-proven-on-windows.md` names it by `step`. */
export interface FieldStep {
  readonly step: string;
  /** What is claimed, in words that fit into one line. */
  readonly claim: string;
  readonly run: (bench: Bench) => Promise<Found> | Found;
}

export const seen = (summary: string, details: Found['details'] = {}): Found => ({
  result: 'seen',
  summary,
  details,
});
export const judged = (holds: boolean, summary: string, details: Found['details'] = {}): Found => ({
  result: holds ? 'holds' : 'fails',
  summary,
  details,
});
export const notTried = (why: string): Found => ({ result: 'not-tried', summary: why, details: {} });

/** A step that needs a Windows at rest: one that runs holds its hives, its dumps and its logs. */
export const onWindowsAtRest =
  (work: (host: Host, windows: FoundWindows, bench: Bench) => Promise<Found> | Found) =>
  (bench: Bench): Promise<Found> | Found =>
    bench.host.machine.readEnvironment() === 'windows'
      ? notTried('only in the recovery environment')
      : onWindows(work)(bench);

/** A step that needs to know which Windows. */
export const onWindows =
  (work: (host: Host, windows: FoundWindows, bench: Bench) => Promise<Found> | Found) =>
  (bench: Bench): Promise<Found> | Found =>
    typeof bench.windows === 'string'
      ? notTried(`no Windows to look at: ${bench.windows}`)
      : work(bench.host, bench.windows, bench);

/** The Windows that is looked at, found as a repair finds it. */
export function findFieldWindows(host: Host): FoundWindows | string {
  const found = findWindows(host);
  return found.ok ? found.windows : found.problem.code;
}

/** A folder of our own on the Windows volume while `work` runs; nothing of it is left, and nothing above it. */
export async function withOwnFolder<Value>(
  host: Host,
  { root }: FoundWindows,
  work: (folder: string) => Promise<Value> | Value,
): Promise<Value> {
  const own = stateFolderOn(root).path;
  const wasThere = host.files.find(own) !== undefined;
  const folder = joinPath(own, 'fieldtest');
  try {
    host.files.makeDirectory(folder);
    return await work(folder);
  } finally {
    removeTree(host, wasThere ? folder : own);
  }
}

/** The first bytes of a file as letters, the mark of its format: `PAGEDU64`, `regf`. They hold nothing of anybody. */
export const markOf = (bytes: Uint8Array): string =>
  [...bytes].map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
