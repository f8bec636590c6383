import { imageSettings } from '../../shared/winre/agent-settings.ts';
import { readJsonFile, stateFolderOn } from '../core/state-folder.ts';
import type { Host } from '../host/host.ts';
import { findPowerProblem } from '../core/power.ts';
import { readWholeFile } from './file-work.ts';
import { findLoss } from './find-loss.ts';
import { listMachineDrivers, newDrivers } from './machine-drivers.ts';
import { type ProvisionRecord, readProvisionRecord, writeProvisionRecord } from './provision-record.ts';
import { fingerprintOf, readRecoveryEnvironment } from './recovery-environment.ts';
import { runProvision } from './run-provision.ts';
import { installedAgentOn } from './startup-task.ts';
import type { StartsSeen } from './watch-starts.ts';
import { done } from './windows-tools.ts';

/**
 * What a look at the image came to. `mended`: Windows had replaced or emptied it, and the agent is in it again.
 * `drivers-added`: drivers that came to the machine are in it now, too. `drivers-left-out`: it did not take them.
 */
export type ImageState =
  | {
      readonly kind:
        'not-provisioned' | 'unchanged' | 'ours' | 'mended' | 'drivers-added' | 'drivers-left-out';
    }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string };

const mostAgentBytes = 16 * 1024 * 1024;

/**
 * Whether the image is still ours. Feature updates bring a new one and monthly updates service the one that is there,
 * so it is opened only when Windows itself changed since the last look; what is lost is put back.
 */
export async function lookAfterImage(host: Host, root: string, starts: StartsSeen): Promise<ImageState> {
  const known = readProvisionRecord(host, root);
  if (known.kind === 'absent') return { kind: 'not-provisioned' };
  if (known.kind === 'damaged')
    return { kind: 'lost', code: 'provision-record-damaged', message: 'provision.json is damaged.' };
  const record = known.value;
  const fingerprint = fingerprintOf(host, root);
  const isOn = readRecoveryEnvironment(host, root)?.isEnabled === true;
  if (isOn && record.state === 'provisioned' && record.checkedFor === fingerprint)
    return (await takeNewDrivers(host, root, record, starts)) ?? { kind: 'unchanged' };
  const problem = isOn && record.state === 'provisioned' ? await findLoss(host, root, record) : 'off';
  if (problem === undefined) {
    const checked = { ...record, checkedFor: fingerprint };
    writeProvisionRecord(host, root, checked);
    return (await takeNewDrivers(host, root, checked, starts)) ?? { kind: 'ours' };
  }
  return provisionAgain(host, root, { isGone: true });
}

/**
 * A driver for storage or network that came to the machine belongs into its image. A bad one there would take the way out
 * along with the machine, so it goes in only after a whole run of Windows with it: noted at one start, and the next start
 * came after a stop in order. Where the image does not take it, the image is made again without it.
 */
async function takeNewDrivers(
  host: Host,
  root: string,
  record: ProvisionRecord,
  starts: StartsSeen,
): Promise<ImageState | undefined> {
  // Once a start is enough, and the runs in between prove nothing.
  if (starts === 'nothing' || starts === 'disarmed') return undefined;
  const { driversToProve: noted = [], ...rest } = record;
  const listed = await listMachineDrivers(host);
  if (!listed.ok) return undefined;
  const came = newDrivers(listed.value, record).map(({ name }) => name);
  const isProven = starts === 'in-order' && came.every(name => noted.includes(name));
  if (came.length === 0 || !isProven) {
    const toProve = starts === 'in-order' ? came : [];
    if (toProve.join() !== noted.join())
      writeProvisionRecord(host, root, { ...rest, ...(toProve.length > 0 && { driversToProve: toProve }) });
    return undefined;
  }
  // Committing takes minutes; on an empty battery it waits for the next start.
  if (findPowerProblem(host.machine.readPower(), ['one-way'])) return undefined;
  const added = await provisionAgain(host, root, { isGone: false });
  if (added.kind !== 'lost') return { kind: 'drivers-added' };
  // Refused before anything was changed: there may be room at the next start.
  if (isProvisioned(host, root)) return { kind: 'drivers-left-out' };
  const without = await provisionAgain(host, root, { isGone: false, leaveOut: came });
  return without.kind === 'lost' ? without : { kind: 'drivers-left-out' };
}

function isProvisioned(host: Host, root: string): boolean {
  const known = readProvisionRecord(host, root);
  return known.kind === 'value' && known.value.state === 'provisioned';
}

/** Provisions anew with the agent and the settings that are installed here. */
async function provisionAgain(
  host: Host,
  root: string,
  { isGone, leaveOut = [] }: { readonly isGone: boolean; readonly leaveOut?: readonly string[] },
): Promise<ImageState> {
  const settings = readJsonFile(host, stateFolderOn(root).imageSettings, imageSettings);
  const agent = readWholeFile(host, installedAgentOn(root), mostAgentBytes);
  if (settings.kind !== 'value' || !agent)
    return {
      kind: 'lost',
      code: 'nothing-to-mend-with',
      message: 'Agent or settings are not installed here.',
    };
  // What is noted of an image that is gone may not count as done already.
  const known = readProvisionRecord(host, root);
  const gone =
    isGone && known.kind === 'value' && known.value.state === 'provisioned' ? known.value : undefined;
  if (gone) host.files.remove(stateFolderOn(root).provision);
  let hasBegun = false;
  const first = async () => {
    hasBegun = true;
    return done;
  };
  const say = () => undefined;
  const request = { root, agent, settings: settings.value, say, first, leaveOut };
  const provisioned = await runProvision(host, request);
  // What stands in the way may be gone at the next look, which then has to find that something lacks.
  if (gone && !hasBegun) writeProvisionRecord(host, root, gone);
  return provisioned.ok ? { kind: 'mended' } : { kind: 'lost', ...provisioned.problem };
}
