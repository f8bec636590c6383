import { createHash } from 'node:crypto';
import { type ByteSource, memorySource } from '../../../shared/bytes/byte-source.ts';
import { foldName } from '../../../shared/facts/glob.ts';
import type { DirectoryEntry, EntryKind, VolumeView } from '../../../shared/facts/volume-view.ts';

interface MemoryEntry {
  readonly kind?: EntryKind;
  readonly sizeBytes?: number;
  readonly writtenAt?: string;
  /** Contents; a file without them holds zeros. */
  readonly bytes?: Uint8Array;
}

/** A volume in memory; folders come into being with what lies in them. Links lead nowhere, short names can be given. */
export class MemoryVolume implements VolumeView {
  readonly root = 'W:\\';
  readonly windowsDirectory: string;
  readonly #entries = new Map<string, DirectoryEntry & { readonly path: string }>();
  readonly #shortNames = new Map<string, string>();
  readonly #contents = new Map<string, Uint8Array>();
  readonly #unreadable = new Set<string>();

  constructor(files: Readonly<Record<string, MemoryEntry>> = {}, windowsDirectory = 'W:\\Windows') {
    this.windowsDirectory = windowsDirectory;
    this.put(windowsDirectory, { kind: 'directory' });
    for (const [path, entry] of Object.entries(files)) this.put(path, entry);
  }

  put(
    path: string,
    {
      kind = 'file',
      bytes,
      sizeBytes = bytes?.length ?? 1000,
      writtenAt = '2024-01-01T00:00:00Z',
    }: MemoryEntry = {},
  ) {
    const parts = path.slice(this.root.length).split('\\');
    for (let i = 1; i < parts.length; i++) {
      const folder = `${this.root}${parts.slice(0, i).join('\\')}`;
      if (!this.#entries.has(foldName(folder)))
        this.#set(folder, { kind: 'directory', sizeBytes: 0, writtenAtMs: 0 });
    }
    this.#set(path, { kind, sizeBytes, writtenAtMs: Date.parse(writtenAt) });
    if (bytes) this.#contents.set(foldName(path), bytes);
  }

  remove(path: string) {
    this.#entries.delete(foldName(path));
  }

  rename(path: string, toPath: string) {
    const { kind, sizeBytes, writtenAtMs } = this.#entries.get(foldName(path))!;
    this.remove(path);
    this.#set(toPath, { kind, sizeBytes, writtenAtMs });
  }

  /** Lets `shortPath` lead to the entry as NTFS does with names like FILE~1.SYS. */
  alias(shortPath: string, path: string) {
    this.#shortNames.set(foldName(shortPath), path);
  }

  makeUnreadable(path: string) {
    this.#unreadable.add(foldName(path));
  }

  paths(): string[] {
    return [...this.#entries.values()].filter(entry => entry.kind === 'file').map(entry => entry.path);
  }

  find(path: string): DirectoryEntry | undefined {
    return this.#entries.get(foldName(this.#shortNames.get(foldName(path)) ?? path));
  }

  list(path: string): readonly DirectoryEntry[] | undefined {
    const folder = this.find(path);
    if (folder?.kind !== 'directory' || this.#unreadable.has(foldName(path))) return undefined;
    const start = `${foldName(path)}\\`;
    return [...this.#entries]
      .filter(([key]) => key.startsWith(start) && !key.slice(start.length).includes('\\'))
      .map(([, entry]) => entry);
  }

  open(path: string): ByteSource | undefined {
    const entry = this.find(path);
    if (entry?.kind !== 'file' || this.#unreadable.has(foldName(path))) return undefined;
    const bytes = this.#contents.get(foldName(path));
    return bytes ? memorySource(bytes) : zeros(entry.sizeBytes);
  }

  hash(path: string): string | undefined {
    const source = this.open(path);
    return source && createHash('sha256').update(source.read(0, source.sizeBytes)).digest('hex');
  }

  #set(path: string, entry: Omit<DirectoryEntry, 'name'>) {
    this.#entries.set(foldName(path), { ...entry, name: path.slice(path.lastIndexOf('\\') + 1), path });
  }
}

const zeros = (sizeBytes: number): ByteSource => ({
  sizeBytes,
  read: (offset, lengthBytes) => new Uint8Array(Math.max(0, Math.min(lengthBytes, sizeBytes - offset))),
});
