import type { ByteSource } from '../bytes/byte-source.ts';

/** What kind of thing a directory entry is. `link` is a symlink or junction; WOF-compressed files are plain files. */
export type EntryKind = 'file' | 'directory' | 'link';

/** One entry of a directory, as NTFS lists it. `writtenAtMs` is the last write in milliseconds since 1970, UTC. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** A file that an earlier attempt moved from its place into quarantine, where it still lies. */
export interface QuarantinedFile {
  /** Absolute path of the file in quarantine. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/**
 * The found Windows volume, read only. Paths are absolute Windows paths below `root` (`W:\Windows\System32`);
 * comparison ignores case as NTFS does. The planner decides on it; agent, simulator and tests provide it.
 */
export interface VolumeView {
  /** `W:\`, with the trailing backslash. */
  readonly root: string;
  /** The Windows directory, `W:\Windows`. */
  readonly windowsDirectory: string;
  /** The entry itself, links not followed; undefined when absent. */
  find(path: string): DirectoryEntry | undefined;
  /** Entries of a directory in name order; undefined when it is absent, not a directory or a link. */
  list(path: string): readonly DirectoryEntry[] | undefined;
  /** The contents of a file, read where they are looked at; undefined when it is absent, no file, or not readable. */
  open(path: string): ByteSource | undefined;
  /** SHA-256 of a whole file, 64 hex digits; a view without it, or undefined, does not know. */
  hash?(path: string): string | undefined;
  /** Bytes that may still be written on the volume; a view without it, or undefined, does not know. */
  freeBytes?(): number | undefined;
  /**
   * Whether every file that this path means, its last part a pattern, is among those that `find` and `list` give, when
   * only those written from an instant on are asked for. A view without it is the volume itself, where nothing is left out.
   */
  knowsAll?(path: string, writtenFromMs?: number): boolean;
  /**
   * What earlier attempts moved away from this path and still keep, newest first, as their journals say; a view without
   * it, or undefined, does not know.
   */
  quarantined?(path: string): readonly QuarantinedFile[] | undefined;
}
