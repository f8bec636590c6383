import { hexOf } from '../../shared/bytes/hex.ts';
import type { ImageSettings } from '../../shared/winre/agent-settings.ts';
import { stateFolderOn, writeJsonFile } from '../core/state-folder.ts';
import { parentPath } from '../core/windows-path.ts';
import { type Host, HostError } from '../host/host.ts';
import { removeTree, replaceFile } from './file-work.ts';
import { findLoss } from './find-loss.ts';
import { bringOriginalBack, changePlacesOn, ImageChange } from './image-change.ts';
import { type PlacedFile, settingsBytesOf } from './image-content.ts';
import { listMachineDrivers, type MachineDriver, newDrivers } from './machine-drivers.ts';
import { type ProvisionRecord, readProvisionRecord } from './provision-record.ts';
import {
  closeLeftImage,
  fingerprintOf,
  type MountWay,
  readRecoveryEnvironment,
} from './recovery-environment.ts';
import { installedAgentOn, registerStartupTask } from './startup-task.ts';
import { type WeighedChange, weighChange } from './weigh-change.ts';
import { type Done, done, failed } from './windows-tools.ts';

export interface ProvisionRequest {
  /** The Windows that runs, as `C:\`. */
  readonly root: string;
  readonly agent: Uint8Array;
  readonly settings: ImageSettings;
  /** Hears what is being done, one sentence each. */
  readonly say: (sentence: string) => void;
  /** Runs when nothing stands in the way any more, before anything is changed; its problem ends the run. */
  readonly first?: () => Promise<Done>;
  /** Driver packages, by name, that stay out of the image. */
  readonly leaveOut?: readonly string[];
}

/** What was done, or, of a dry run, what would be. */
export interface Provisioned {
  readonly changed: boolean;
  readonly files: readonly PlacedFile[];
  readonly drivers: readonly Pick<MachineDriver, 'name' | 'className' | 'sizeBytes'>[];
  readonly driversLeftOut: readonly string[];
  readonly autofstx: 'removed' | 'absent' | 'not-looked';
  readonly way: MountWay | 'none';
  readonly imageBytes: number;
  /** How much the image may grow, and what its partition had free before; absent where nothing grew or was found. */
  readonly space?: { readonly growthBytes: number; readonly freeBytes: number };
}

/**
 * Puts the agent into the recovery environment of this Windows, in Microsoft's order, and registers `confirm`. Whatever
 * fails, the original image comes back; a run that was cut off is taken back by the next one; what is done already is
 * not done again.
 */
export async function runProvision(host: Host, request: ProvisionRequest): Promise<Done<Provisioned>> {
  const { root, say } = request;
  const checked = checkMachine(host, root);
  if (!checked.ok) return checked;
  let record = checked.value;
  if (record?.state === 'changing') {
    say('An earlier run was cut off: bringing the original image back.');
    await closeLeftImage(host, changePlacesOn(root).mount);
    const back = await bringOriginalBack(host, root, record);
    if (!back.ok) return back;
    record = undefined;
  }
  removeTree(host, changePlacesOn(root).scratch);
  const isOn = readRecoveryEnvironment(host, root)?.isEnabled === true;
  const isThere = record !== undefined && isOn && (await isSame(host, record, request));
  const same = record && isThere && !(await isLost(host, root, record)) ? record : undefined;
  const weighed = same ? undefined : await weighChange(host, request, record);
  if (weighed && !weighed.ok) return weighed;
  const agreed = await (request.first?.() ?? done);
  if (!agreed.ok) {
    removeTree(host, changePlacesOn(root).scratch);
    return agreed;
  }
  if (weighed) return changeImage(host, request, record, weighed.value);
  const installed = await install(host, request);
  return installed.ok ? alreadyProvisioned(same!) : installed;
}

/** Says what `runProvision` would do; exports drivers to weigh them and leaves nothing behind. */
export async function planProvision(host: Host, request: ProvisionRequest): Promise<Done<Provisioned>> {
  const { root, agent, settings } = request;
  const checked = checkMachine(host, root);
  if (!checked.ok) return checked;
  const record = checked.value;
  const isKnown = record?.state === 'provisioned' && isLookedInto(host, root, record);
  if (record && isKnown && (await isSame(host, record, request))) return alreadyProvisioned(record);
  const weighed = await weighChange(host, request, record);
  if (!weighed.ok) return weighed;
  removeTree(host, changePlacesOn(root).scratch);
  const { drivers, leftOut } = weighed.value.exported;
  const files = [agent, settingsBytesOf(settings)].map((bytes, at) => ({
    place: at === 0 ? 'bootmend.exe' : 'settings.json',
    sizeBytes: bytes.length,
    sha256: hexOf(host.sha256(bytes)),
  }));
  const value = { changed: true, files, drivers, driversLeftOut: leftOut, imageBytes: 0 } as const;
  return {
    ok: true,
    value: { ...value, autofstx: 'not-looked', way: 'none', ...spaceOf(weighed.value) },
  };
}

/** What stands in the way, before anything is touched; gives what an earlier run left. */
function checkMachine(host: Host, root: string): Done<ProvisionRecord | undefined> {
  if (host.machine.readEnvironment() !== 'windows')
    return failed('not-in-windows', 'Provisioning needs a Windows that runs.');
  if (!readRecoveryEnvironment(host, root))
    return failed(
      'winre-not-configured',
      'This Windows has no recovery environment: run reagentc /enable first.',
    );
  const known = readProvisionRecord(host, root);
  if (known.kind === 'damaged')
    return failed(
      'provision-record-damaged',
      'provision.json is damaged, so nobody knows what is in the image.',
    );
  return { ok: true, value: known.kind === 'value' ? known.value : undefined };
}

const spaceOf = ({ growthBytes, place }: WeighedChange): Pick<Provisioned, 'space'> =>
  place ? { space: { growthBytes, freeBytes: place.freeBytes } } : {};

/** Whether the image that is there was made from this agent and these settings, and lacks no driver that came since. */
async function isSame(
  host: Host,
  record: ProvisionRecord,
  { agent, settings }: ProvisionRequest,
): Promise<boolean> {
  const wanted = [agent, settingsBytesOf(settings)].map(bytes => hexOf(host.sha256(bytes)));
  if (!wanted.every(hash => record.files.some(file => file.sha256 === hash))) return false;
  const listed = await listMachineDrivers(host);
  return listed.ok && newDrivers(listed.value, record).length === 0;
}

const isLookedInto = (host: Host, root: string, { madeFor, checkedFor }: ProvisionRecord): boolean =>
  fingerprintOf(host, root) === (checkedFor ?? madeFor);

/** Whether the image is another one by now: looked into only when Windows changed since the last look. */
async function isLost(host: Host, root: string, record: ProvisionRecord): Promise<boolean> {
  return !isLookedInto(host, root, record) && (await findLoss(host, root, record)) !== undefined;
}

const alreadyProvisioned = ({
  files,
  drivers,
  driversLeftOut,
  image,
  original,
}: ProvisionRecord): Done<Provisioned> => ({
  ok: true,
  value: {
    changed: false,
    files,
    drivers,
    driversLeftOut,
    autofstx: 'not-looked',
    way: 'none',
    imageBytes: (image ?? original).sizeBytes,
  },
});

async function changeImage(
  host: Host,
  request: ProvisionRequest,
  record: ProvisionRecord | undefined,
  weighed: WeighedChange,
): Promise<Done<Provisioned>> {
  const change = new ImageChange(host, request, weighed.exported);
  let changed: Done<Provisioned>;
  try {
    changed = await change.run(record);
  } catch (error) {
    changed = failed('file-work-failed', error instanceof Error ? error.message : String(error));
  }
  if (changed.ok) {
    const installed = await install(host, request);
    if (installed.ok) return { ok: true, value: { ...changed.value, ...spaceOf(weighed) } };
    changed = installed;
  }
  request.say(`It failed (${changed.problem.code}): bringing the original image back.`);
  return change.rollBack(changed.problem);
}

/** The agent for the healthy Windows and the task that starts it. */
async function install(host: Host, { root, agent, settings }: ProvisionRequest): Promise<Done> {
  const place = installedAgentOn(root);
  try {
    host.files.makeDirectory(parentPath(place));
    const there =
      host.files.find(place)?.kind === 'file' && host.files.hash(place) === hexOf(host.sha256(agent));
    if (!there) replaceFile(host, place, agent);
    writeJsonFile(host, stateFolderOn(root).imageSettings, settings);
    return await registerStartupTask(host, root);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return failed(error.failure.code, error.message);
  }
}
