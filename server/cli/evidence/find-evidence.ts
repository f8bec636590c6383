import { statSync } from 'node:fs';
import { withFile } from '../file-source.ts';
import { diskFile } from './disk-file.ts';
import type { Found } from './evidence-file.ts';
import { withArchive } from './open-archive.ts';
import { isArchive } from './recognise.ts';
import { walkFolder } from './walk-folder.ts';

/** The file when one plain file is all that is named; folders, archives and lists of files are looked into. */
export function findSingleFile([path, ...more]: readonly string[]): string | undefined {
  if (path === undefined || more.length > 0) return undefined;
  if (statOf(path)?.isDirectory()) return undefined;
  const head = withFile(path, source => source.read(0, 4));
  return head.ok && isArchive(head.value) ? undefined : path;
}

/** Gives every file of files, folders and archives to `use`, one after the other. */
export async function findEvidence(
  paths: readonly string[],
  use: (found: Found) => Promise<void>,
): Promise<void> {
  for (const path of paths) {
    const stat = statOf(path);
    if (stat?.isDirectory()) {
      for (const found of walkFolder(path)) await useOrUnpack(found, use);
    } else await useOrUnpack({ file: diskFile(path, stat, true) }, use);
  }
}

/** An archive among the files is looked into; one inside of an archive is not. */
async function useOrUnpack(found: Found, use: (found: Found) => Promise<void>): Promise<void> {
  if (!('file' in found)) return use(found);
  const head = await found.file.readHead();
  if (head.ok && isArchive(head.value)) return withArchive(found.file.path, use);
  return use(found);
}

/** Undefined when there is nothing, or nothing that may be looked at; opening it will say why. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
