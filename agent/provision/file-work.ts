import { type Host, HostError } from '../host/host.ts';
import { joinPath } from '../core/windows-path.ts';

const chunkBytes = 4 * 1024 * 1024;

/** Puts a file in place: new file, flush, rename, so that a cut leaves the old one or the new one whole. */
export function replaceFile(host: Host, path: string, bytes: Uint8Array): void {
  const next = `${path}.bootmend-new`;
  if (host.files.find(next)) host.files.remove(next);
  host.files.create(next, bytes);
  host.files.flush(next);
  host.files.rename(next, path, { replace: true });
  host.files.flush(path);
}

/** Copies a file in pieces, so that an image of 600 MB takes 4 MiB of memory; durable when this returns. */
export function copyFile(host: Host, from: string, to: string): void {
  const next = `${to}.bootmend-new`;
  if (host.files.find(next)) host.files.remove(next);
  const { sizeBytes } = getFile(host, from);
  host.files.create(next, new Uint8Array(0));
  for (let at = 0; at < sizeBytes; at += chunkBytes)
    host.files.append(next, host.files.read(from, at, chunkBytes));
  host.files.flush(next);
  host.files.rename(next, to, { replace: true });
  host.files.flush(to);
}

/** A whole file; undefined when it is absent or larger than allowed. */
export function readWholeFile(host: Host, path: string, mostBytes: number): Uint8Array | undefined {
  const entry = host.files.find(path);
  if (entry?.kind !== 'file' || entry.sizeBytes > mostBytes) return undefined;
  return host.files.read(path, 0, entry.sizeBytes);
}

export function getFile(host: Host, path: string): { readonly sizeBytes: number } {
  const entry = host.files.find(path);
  if (entry?.kind === 'file') return entry;
  throw new HostError({ kind: 'permanent', code: 'not-found', message: `${path} is not there` });
}

/** Removes a folder of our own with everything in it. */
export function removeTree(host: Host, directory: string): void {
  for (const entry of host.files.list(directory) ?? []) {
    const path = joinPath(directory, entry.name);
    if (entry.kind === 'directory') removeTree(host, path);
    else host.files.remove(path);
  }
  if (host.files.find(directory)) host.files.remove(directory);
}

/** Bytes of all files below a folder. */
export function sizeOfTree(host: Host, directory: string): number {
  return (host.files.list(directory) ?? []).reduce(
    (sum, entry) =>
      sum +
      (entry.kind === 'directory' ? sizeOfTree(host, joinPath(directory, entry.name)) : entry.sizeBytes),
    0,
  );
}
