import type * as z from 'zod/mini';
import { textOfUtf8, utf8Of } from '../../shared/bytes/utf8.ts';
import type { Host } from '../host/host.ts';
import { joinPath } from './windows-path.ts';

const maxStateBytes = 1024 * 1024;

/** Where the agent keeps what it must remember, on the Windows volume and nowhere else. */
export interface StateFolder {
  readonly device: string;
  readonly trust: string;
  readonly recall: string;
  readonly state: string;
  /** Why the next start of the recovery environment is ours, set by a healthy Windows. */
  readonly turn: string;
  /** Wireless networks with their passwords. */
  readonly network: string;
  /** How long Windows' own quick machine recovery waits on this machine. */
  readonly waits: string;
  /** What may be decided without a network. */
  readonly offlineBundle: string;
  /** What was put into the image of the recovery environment, and how far a change of it got. */
  readonly provision: string;
  /** The image as it was before Bootmend first touched it. */
  readonly originalImage: string;
  /** The last test of the whole path. */
  readonly lastTest: string;
  /** The settings that go into the image, kept so that it can be made anew. */
  readonly imageSettings: string;
  /** How an update of the agent stands. */
  readonly update: string;
  /** The part of a newer agent that has come. */
  readonly updatePart: string;
  /** Volumes of other disks that this Windows opened to heal them. */
  readonly opened: string;
  /** Starts of Windows, to see a crash loop that begins after logon. */
  readonly starts: string;
  /** What Windows started with last, for the server. */
  readonly startedWith: string;
  /** Copies of the hives of a Windows that runs, while they are read. */
  readonly hiveCopies: string;
  /** What the last run in the recovery environment did, for a person. */
  readonly log: string;
  readonly journals: string;
  readonly quarantines: string;
  /** What is saved before a step without a way back. */
  readonly saves: string;
  /** Where a program of a script runs from, alone. */
  readonly program: string;
}

/** The agent's own places on a volume: `C:\ProgramData\Bootmend` and what is in it. */
export function stateFolderOn(root: string): StateFolder & { readonly path: string } {
  const path = joinPath(root, 'ProgramData', 'Bootmend');
  return {
    path,
    device: joinPath(path, 'device.json'),
    trust: joinPath(path, 'trust.json'),
    recall: joinPath(path, 'recall.json'),
    state: joinPath(path, 'state.json'),
    turn: joinPath(path, 'turn.json'),
    network: joinPath(path, 'network.json'),
    waits: joinPath(path, 'waits.json'),
    offlineBundle: joinPath(path, 'offline.json'),
    provision: joinPath(path, 'provision.json'),
    originalImage: joinPath(path, 'original-winre.wim'),
    lastTest: joinPath(path, 'last-test.json'),
    imageSettings: joinPath(path, 'image-settings.json'),
    update: joinPath(path, 'update.json'),
    updatePart: joinPath(path, 'update.part'),
    opened: joinPath(path, 'opened.json'),
    starts: joinPath(path, 'starts.json'),
    startedWith: joinPath(path, 'started-with.json'),
    hiveCopies: joinPath(path, 'hive-copies'),
    log: joinPath(path, 'recovery.log'),
    journals: joinPath(path, 'journal'),
    quarantines: joinPath(path, 'quarantine'),
    saves: joinPath(path, 'saved'),
    program: joinPath(path, 'program'),
  };
}

/** `damaged`: the file is there and does not hold what it should; nothing may be assumed in its place. */
export type ReadState<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged' };

/** Reads one of the agent's JSON files. */
export function readJsonFile<Schema extends z.ZodMiniType>(
  host: Host,
  path: string,
  schema: Schema,
  maxBytes = maxStateBytes,
): ReadState<z.infer<Schema>> {
  const entry = host.files.find(path);
  if (!entry) return { kind: 'absent' };
  if (entry.kind !== 'file' || entry.sizeBytes > maxBytes) return { kind: 'damaged' };
  const { text } = textOfUtf8(host.files.read(path, 0, maxBytes));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'damaged' };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { kind: 'value', value: parsed.data } : { kind: 'damaged' };
}

/** Replaces one of the agent's JSON files: durable when this returns, the old or the new one after any power cut. */
export function writeJsonFile(host: Host, path: string, value: unknown): void {
  const next = `${path}.new`;
  if (host.files.find(next)) host.files.remove(next);
  host.files.create(next, utf8Of(JSON.stringify(value)));
  host.files.flush(next);
  host.files.rename(next, path, { replace: true });
  host.files.flush(path);
}
