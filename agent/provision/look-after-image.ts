import { hexOf } from '../../shared/bytes/hex.ts';
import { imageSettings } from '../../shared/winre/agent-settings.ts';
import { readJsonFile, stateFolderOn } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { readWholeFile, removeTree } from './file-work.ts';
import { changePlacesOn } from './image-change.ts';
import { findDifference } from './image-content.ts';
import { type ProvisionRecord, readProvisionRecord, writeProvisionRecord } from './provision-record.ts';
import { readRecoveryEnvironment, withMountedImage } from './recovery-environment.ts';
import { runProvision } from './run-provision.ts';
import { installedAgentOn } from './startup-task.ts';
import { done, failed } from './windows-tools.ts';

/** What a look at the image came to. `mended`: Windows had replaced or emptied it, and the agent is in it again. */
export type ImageState =
  | { readonly kind: 'not-provisioned' | 'unchanged' | 'ours' | 'mended' }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string };

const mostAgentBytes = 16 * 1024 * 1024;

/**
 * Whether the image is still ours. Feature updates bring a new one and monthly updates service the one that is there,
 * so it is opened only when Windows itself changed since the last look; what is lost is put back.
 */
export async function lookAfterImage(host: Host, root: string): Promise<ImageState> {
  const known = readProvisionRecord(host, root);
  if (known.kind === 'absent') return { kind: 'not-provisioned' };
  if (known.kind === 'damaged')
    return { kind: 'lost', code: 'provision-record-damaged', message: 'provision.json is damaged.' };
  const record = known.value;
  const fingerprint = fingerprintOf(host, root);
  const isOn = readRecoveryEnvironment(host, root)?.isEnabled === true;
  if (isOn && record.state === 'provisioned' && record.checkedFor === fingerprint)
    return { kind: 'unchanged' };
  const problem = isOn && record.state === 'provisioned' ? await findLoss(host, root, record) : 'off';
  if (problem === undefined) {
    writeProvisionRecord(host, root, { ...record, checkedFor: fingerprint });
    return { kind: 'ours' };
  }
  return mend(host, root);
}

/** Changes with every update that could have touched the image: the kernel and what Windows notes about WinRE. */
function fingerprintOf(host: Host, root: string): string {
  const kernel = host.files.find(joinPath(root, 'Windows', 'System32', 'ntoskrnl.exe'));
  const note = readWholeFile(
    host,
    joinPath(root, 'Windows', 'System32', 'Recovery', 'ReAgent.xml'),
    64 * 1024,
  );
  const noted = note ? hexOf(host.sha256(note)).slice(0, 16) : 'none';
  return kernel?.kind === 'file' ? `${kernel.sizeBytes}-${kernel.writtenAtMs}-${noted}` : noted;
}

async function findLoss(host: Host, root: string, { files }: ProvisionRecord) {
  const { mount, scratch } = changePlacesOn(root);
  const compared = await withMountedImage(host, root, 'reagentc', mount, 'discard', async () => {
    const difference = findDifference(host, mount, files);
    return difference ? failed(difference.code, difference.message) : done;
  });
  removeTree(host, scratch);
  return compared.ok ? undefined : compared.problem;
}

/** Provisions anew with the agent and the settings that are installed here. */
async function mend(host: Host, root: string): Promise<ImageState> {
  const settings = readJsonFile(host, stateFolderOn(root).imageSettings, imageSettings);
  const agent = readWholeFile(host, installedAgentOn(root), mostAgentBytes);
  if (settings.kind !== 'value' || !agent)
    return {
      kind: 'lost',
      code: 'nothing-to-mend-with',
      message: 'Agent or settings are not installed here.',
    };
  // What is noted is of an image that is gone, so it may not count as done already.
  const { provision } = stateFolderOn(root);
  const known = readProvisionRecord(host, root);
  if (known.kind === 'value' && known.value.state === 'provisioned') host.files.remove(provision);
  const say = () => undefined;
  const provisioned = await runProvision(host, { root, agent, settings: settings.value, say });
  return provisioned.ok ? { kind: 'mended' } : { kind: 'lost', ...provisioned.problem };
}
