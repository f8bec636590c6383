import * as z from 'zod/mini';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { type Host, HostError } from '../../host/host.ts';
import { lockVolume, readVolumeLock } from '../bitlocker.ts';
import { imageRoot } from '../image-settings.ts';
import { readJsonFile, writeJsonFile } from '../state-folder.ts';
import { joinPath } from '../windows-path.ts';

/**
 * `opened.json`: volumes that were locked when we came and that we opened, or were about to. It lies in the memory of
 * the recovery environment: it outlives a run that crashes, and a power cut locks the volumes by itself. No key is in it.
 */
const openedVolumes = z.object({
  version: z.literal(1),
  roots: z.array(z.string().check(z.regex(/^[A-Z]:\\$/))).check(z.maxLength(26)),
});

const file = joinPath(imageRoot, imagePlaces.folder, 'opened.json');

/** Notes that a locked volume is about to be opened; durable before it is. */
export function noteOpening(host: Host, root: string): void {
  host.files.makeDirectory(joinPath(imageRoot, imagePlaces.folder));
  writeJsonFile(host, file, { version: 1, roots: [...new Set([...readRoots(host), root])] });
}

/** Locks what we opened, and nothing else; gives the volumes that stay open. What is locked already is left alone. */
export async function relockOpened(host: Host): Promise<readonly string[]> {
  try {
    const open: string[] = [];
    const roots = readRoots(host);
    for (const root of roots) {
      const lock = await readVolumeLock(host, root);
      if (lock !== 'locked' && !(await lockVolume(host, root))) open.push(root);
    }
    if (roots.length > 0) {
      if (open.length > 0) writeJsonFile(host, file, { version: 1, roots: open });
      else host.files.remove(file);
    }
    return open;
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

function readRoots(host: Host): readonly string[] {
  const read = readJsonFile(host, file, openedVolumes);
  return read.kind === 'value' ? read.value.roots : [];
}
