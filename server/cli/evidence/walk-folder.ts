import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { diskFile } from './disk-file.ts';
import type { EvidenceFile, EvidenceProblem, Found } from './evidence-file.ts';

export interface FolderLimits {
  readonly maxFiles: number;
  readonly maxDepth: number;
}

const ordinaryLimits: FolderLimits = { maxFiles: 100_000, maxDepth: 24 };

/** Stores of Windows with copies of everything it could need; what a start left behind lies beside their folders. */
const stores = new Set(['winsxs', 'driverstore', 'assembly', 'softwaredistribution', 'installer', 'lcu']);

/**
 * All files below a folder in the order of their names, within limits; links are not followed, nor are the folders of
 * the stores that Windows keeps.
 */
export function* walkFolder(folder: string, limits: FolderLimits = ordinaryLimits): Generator<Found> {
  const left = { files: limits.maxFiles };
  yield* walk(folder, limits, 0, left);
  if (left.files < 0) {
    const message = `${folder} holds more than ${limits.maxFiles} files; the rest was not looked at. Name a folder further down.`;
    yield { path: folder, problem: { code: 'too-many-files', message } };
  }
}

function* walk(
  folder: string,
  limits: FolderLimits,
  depth: number,
  left: { files: number },
): Generator<Found> {
  if (depth > limits.maxDepth) {
    const message = `${folder} lies more than ${limits.maxDepth} folders deep and was not looked at`;
    yield { path: folder, problem: { code: 'too-deep', message } };
    return;
  }
  const entries = list(folder);
  if ('code' in entries) {
    yield { path: folder, problem: entries };
    return;
  }
  const isStore = depth > 0 && stores.has(path.basename(folder).toLowerCase());
  for (const entry of entries) {
    if (left.files < 0) return;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!isStore) yield* walk(file, limits, depth + 1, left);
    } else if (entry.isFile() && --left.files >= 0) {
      const found = fileAt(file);
      if (found) yield { file: found };
    }
  }
}

/** Undefined when the file went away since the folder was listed. */
function fileAt(file: string): EvidenceFile | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? diskFile(file, stat, false) : undefined;
}

function list(folder: string): readonly Dirent[] | EvidenceProblem {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { code: 'folder-not-readable', message: `${folder} cannot be listed: ${reason}` };
  }
}
