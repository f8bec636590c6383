import * as z from 'zod/mini';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { type Host, HostError } from '../../host/host.ts';
import { lockVolume, readRecoveryKeyIds, readVolumeLock } from '../bitlocker.ts';
import { imageRoot } from '../image-settings.ts';
import { readJsonFile, stateFolderOn, writeJsonFile } from '../state-folder.ts';
import { joinPath, parentPath } from '../windows-path.ts';

const openedVolume = z.object({
  root: z.string().check(z.regex(/^[A-Z]:\\$/)),
  /** Which volume that is: letters move when a disk is taken off and another attached. */
  keyIds: z.array(z.string().check(z.maxLength(40))).check(z.maxLength(64)),
});

/**
 * `opened.json`: volumes that were locked when we came and that we opened, or were about to. It outlives a run that
 * crashes. No key is in it.
 */
const openedVolumes = z.object({
  version: z.literal(1),
  /** When the system that noted them had started; another start has locked them by itself. */
  systemStartedAtMs: z.number(),
  volumes: z.array(openedVolume).check(z.maxLength(26)),
});
type OpenedVolume = z.infer<typeof openedVolume>;

/** What a clock that is set right meanwhile may shift the start of the system by. */
const sameStartMs = 120_000;

/**
 * Where the note lies: in the memory of the recovery environment, which a power cut forgets as it locks the volumes; in a
 * healthy Windows in its own state folder.
 */
const noteOf = (host: Host): string =>
  host.machine.readEnvironment() === 'recovery'
    ? joinPath(imageRoot, imagePlaces.folder, 'opened.json')
    : stateFolderOn(host.machine.readBootEntryVolume() ?? 'C:\\').opened;

/** Notes that a locked volume is about to be opened; durable before it is. */
export async function noteOpening(host: Host, root: string): Promise<void> {
  const keyIds = [...(await readRecoveryKeyIds(host, root))];
  const others = readVolumes(host).filter(one => one.root !== root);
  host.files.makeDirectory(parentPath(noteOf(host)));
  writeVolumes(host, [...others, { root, keyIds }]);
}

/**
 * Locks what we opened since this system started, and nothing else; gives the volumes that stay open. What is locked
 * already, or is another disk by now, is left alone.
 */
export async function relockOpened(host: Host): Promise<readonly string[]> {
  try {
    const open: OpenedVolume[] = [];
    const volumes = readVolumes(host);
    for (const volume of volumes) if (!(await relock(host, volume))) open.push(volume);
    if (open.length > 0) writeVolumes(host, open);
    else if (host.files.find(noteOf(host))) host.files.remove(noteOf(host));
    return open.map(({ root }) => root);
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

async function relock(host: Host, { root, keyIds }: OpenedVolume): Promise<boolean> {
  if ((await readVolumeLock(host, root)) === 'locked') return true;
  const there = keyIds.length === 0 ? [] : await readRecoveryKeyIds(host, root);
  if (keyIds.length > 0 && !keyIds.some(id => there.includes(id))) return true;
  return lockVolume(host, root);
}

const systemStartedAtMs = ({ clock }: Host) => clock.wallMs() - clock.monotonicMs();

const writeVolumes = (host: Host, volumes: readonly OpenedVolume[]) =>
  writeJsonFile(host, noteOf(host), { version: 1, systemStartedAtMs: systemStartedAtMs(host), volumes });

function readVolumes(host: Host): readonly OpenedVolume[] {
  const read = readJsonFile(host, noteOf(host), openedVolumes);
  if (read.kind !== 'value') return [];
  // The memory of a recovery environment cannot be older than its start, and its clock may be set at any time.
  const isOfThisStart =
    host.machine.readEnvironment() === 'recovery' ||
    Math.abs(read.value.systemStartedAtMs - systemStartedAtMs(host)) < sameStartMs;
  return isOfThisStart ? read.value.volumes : [];
}
