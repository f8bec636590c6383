import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** One file as it stands: contents and last write. */
export interface ManifestEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** Every file below a folder by its path with backslashes, as `Windows\System32\hal.dll`. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** Reads every file below a folder. */
export function readManifest(folder: string): Manifest {
  const entries = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => {
      const real = path.join(entry.parentPath, entry.name);
      const { size, mtimeMs } = fs.statSync(real);
      const sha256 = createHash('sha256').update(fs.readFileSync(real)).digest('hex');
      const name = path.relative(folder, real).split(path.sep).join('\\');
      return [name, { sha256, sizeBytes: size, writtenAtMs: Math.floor(mtimeMs) }] as const;
    });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
