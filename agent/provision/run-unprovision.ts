import { stateFolderOn } from '../core/state-folder.ts';
import { parentPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { removeTree } from './file-work.ts';
import { bringOriginalBack, changePlacesOn } from './image-change.ts';
import { takeAgentOut } from './image-content.ts';
import { type ProvisionRecord, readProvisionRecord } from './provision-record.ts';
import {
  closeLeftImage,
  disableRecovery,
  enableRecovery,
  stagedImageOn,
  withMountedImage,
} from './recovery-environment.ts';
import { hasStartupTask, installedAgentOn, removeStartupTask } from './startup-task.ts';
import { type Done, done, failed } from './windows-tools.ts';

/**
 * What became of the image. `original`: it is the one from before, byte for byte. `taken-out`: Windows serviced the
 * image since, so going back would undo Microsoft's fixes; only the agent was taken out of it.
 */
export type Unprovisioned = { readonly image: 'original' | 'taken-out' | 'never-changed' };

/** Takes Bootmend out of this Windows again. Device key and history stay in ProgramData. */
export async function runUnprovision(
  host: Host,
  root: string,
  say: (sentence: string) => void,
): Promise<Done<Unprovisioned>> {
  if (host.machine.readEnvironment() !== 'windows')
    return failed('not-in-windows', 'Unprovisioning needs a Windows that runs.');
  const known = readProvisionRecord(host, root);
  if (known.kind === 'damaged')
    return failed(
      'provision-record-damaged',
      'provision.json is damaged, so nobody knows what is in the image.',
    );
  const image = known.kind === 'value' ? await restoreImage(host, root, known.value, say) : undefined;
  if (image && !image.ok) return image;

  if (await hasStartupTask(host)) {
    const removed = await removeStartupTask(host);
    if (!removed.ok) return removed;
  }
  removeTree(host, parentPath(installedAgentOn(root)));
  removeTree(host, changePlacesOn(root).scratch);
  const kept = stateFolderOn(root).originalImage;
  if (host.files.find(kept)) host.files.remove(kept);
  return { ok: true, value: { image: image?.value ?? 'never-changed' } };
}

async function restoreImage(
  host: Host,
  root: string,
  record: ProvisionRecord,
  say: (sentence: string) => void,
): Promise<Done<'original' | 'taken-out'>> {
  await closeLeftImage(host, changePlacesOn(root).mount);
  const off = await disableRecovery(host, root);
  if (!off.ok && off.problem.code !== 'winre-image-missing') return off;
  const isOurs = off.ok && host.files.hash(stagedImageOn(root)) === record.image?.sha256;
  if (isOurs || record.state === 'changing' || !off.ok) {
    say('Bringing the original image back.');
    const back = await bringOriginalBack(host, root, record);
    return back.ok ? { ok: true, value: 'original' } : back;
  }
  say('Windows serviced the image since: taking the agent out of it.');
  const { mount } = changePlacesOn(root);
  const taken = await withMountedImage(host, root, 'dism', mount, 'commit', async () => {
    takeAgentOut(host, mount);
    return done;
  });
  const on = await enableRecovery(host, root);
  if (!taken.ok) return taken;
  if (!on.ok) return on;
  host.files.remove(stateFolderOn(root).provision);
  return { ok: true, value: 'taken-out' };
}
