import { bytesOfHex, hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import { readComputerName } from '../../shared/registry/computer-name.ts';
import { readControlSets } from '../../shared/registry/control-sets.ts';
import { canonicalJson } from '../../shared/trust/canonical-json.ts';
import { followTrustChain, openFirstTrust } from '../../shared/trust/trust-chain.ts';
import type { ImageSettings, ProvisioningBundle } from '../../shared/winre/agent-settings.ts';
import { type EnrolRequest, parseEnrolAnswer } from '../../shared/wire/enrol.ts';
import type { Host } from '../host/host.ts';
import { readHive } from './collect/read-hive.ts';
import { type DeviceRecord, deviceRecord, signerOfDevice } from './device-record.ts';
import { findWindows, type FoundWindows } from './found-windows.ts';
import { postMessage } from './server-client.ts';
import { readJsonFile, stateFolderOn, writeJsonFile } from './state-folder.ts';

/** How enrolling ended. `pending`: a person must accept the machine before it gets orders. */
export type EnrolEnd =
  | { readonly kind: 'enrolled'; readonly keyId: string; readonly state: 'active' | 'pending' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Makes a healthy machine known to its server. */
export async function runEnrol(host: Host, bundle: ProvisioningBundle): Promise<EnrolEnd> {
  if (host.machine.readEnvironment() !== 'windows')
    return failed('not-in-windows', 'Enrolling needs a healthy Windows.');
  const found = findWindows(host);
  return found.ok
    ? enrol(host, found.windows, bundle, host.machine.readIdentity().name)
    : failed(found.problem.code, found.problem.message);
}

/**
 * Makes a Windows known that does not start and never was enrolled, with the token of the image that runs. Its key lies on
 * its own volume as any other; a person has to accept the machine before it gets orders.
 */
export async function enrolFromImage(
  host: Host,
  windows: FoundWindows,
  settings: ImageSettings & { readonly token: string },
): Promise<EnrolEnd> {
  // The recovery environment has a name of its own, which is the same everywhere.
  const { content: name } = readHive(host, windows, 'SYSTEM', hive => {
    const { path } = readControlSets(hive);
    return path === null ? null : readComputerName(hive, path).name;
  });
  return enrol(host, windows, settings, name ?? host.machine.readIdentity().name);
}

/**
 * The key is made here, is durable before it is used and never leaves the Windows volume; an interrupted run goes on with
 * the same key, so a repeat makes no second device.
 */
async function enrol(
  host: Host,
  { root }: FoundWindows,
  bundle: ProvisioningBundle,
  name: string,
): Promise<EnrolEnd> {
  const trust = openFirstTrust(bundle.trust, host.curves.verify);
  if (!trust.ok) return failed(trust.problem.code, trust.problem.message);
  if (trust.document.organization !== bundle.organization)
    return failed('wrong-organization', 'The trust document is of another organization than the bundle.');

  const folder = stateFolderOn(root);
  host.files.makeDirectory(folder.path);
  const known = readJsonFile(host, folder.device, deviceRecord);
  if (known.kind === 'damaged') return failed('state-damaged', 'device.json is damaged.');
  if (known.kind === 'value' && known.value.state !== 'enrolling')
    return takeBundleOf(host, folder.device, { ...known.value, state: known.value.state }, bundle);

  const device = known.kind === 'value' ? known.value : makeDevice(host, bundle, name);
  writeJsonFile(host, folder.device, device);
  const { servers, pins, proxy } = bundle;
  const settings = { servers, pins, proxy, keyId: device.keyId, sign: signerOfDevice(host, device) };
  const message = {
    path: '/v1/enrol',
    contentType: 'application/json',
    body: requestOf(host, device, bundle),
    // Whoever types ahead in a Windows that runs wants nothing ended.
    endsAtKey: host.machine.readEnvironment() === 'recovery',
  };
  const posted = await postMessage(host, settings, message, parseEnrolAnswer);
  if (posted.kind === 'busy')
    return failed('server-busy', `Try again in ${posted.retryAfterSeconds} seconds.`);
  if (posted.kind !== 'answered') return failed(posted.code, posted.message);

  const { keyId, state, trust: chain } = posted.message;
  const { followed } = followTrustChain(trust.document, chain, host.curves.verify);
  writeJsonFile(host, folder.trust, followed.at(-1) ?? bundle.trust);
  const enrolled = deviceRecord.safeParse({ ...device, ...settingsOf(bundle), keyId, state });
  if (!enrolled.success || !keyId.startsWith(`${bundle.organization}/`))
    return failed('key-id-not-ours', 'The server names a key id that this agent cannot use.');
  writeJsonFile(host, folder.device, enrolled.data);
  return { kind: 'enrolled', keyId, state };
}

/**
 * A machine that is known keeps its key and takes what the bundle says of where servers are, how to reach them, and what
 * scripts may run here: what the admin of the machine said last, or nothing.
 */
function takeBundleOf(
  host: Host,
  path: string,
  device: DeviceRecord & { readonly state: 'active' | 'pending' },
  bundle: ProvisioningBundle,
): EnrolEnd {
  const { keyId, state } = device;
  if (device.organization !== bundle.organization)
    return failed('wrong-organization', `This machine belongs to the organization ${device.organization}.`);
  const { proxy: _1, helpDesk: _2, programs: _3, settings: _4, ...rest } = device;
  const renewed = { ...rest, ...settingsOf(bundle) };
  if (canonicalJson(renewed) !== canonicalJson(device)) writeJsonFile(host, path, renewed);
  return { kind: 'enrolled', keyId, state };
}

const settingsOf = ({ servers, pins, proxy, helpDesk, settings, programs }: ProvisioningBundle) => ({
  servers,
  pins,
  ...(proxy !== undefined && { proxy }),
  ...(helpDesk !== undefined && { helpDesk }),
  ...(settings !== undefined && { settings }),
  ...(programs !== undefined && { programs }),
});

function makeDevice(host: Host, bundle: ProvisioningBundle, name: string): DeviceRecord {
  const { organization } = bundle;
  return {
    version: 1,
    organization,
    name: name.slice(0, 200),
    state: 'enrolling',
    keyId: `${organization}/new/1`,
    secretKey: hexOf(host.random(32)),
    ...settingsOf(bundle),
  };
}

function requestOf(host: Host, device: DeviceRecord, { token }: ProvisioningBundle): Uint8Array {
  const secretKey = bytesOfHex(device.secretKey) ?? new Uint8Array(0);
  const { model, serial, smbiosId } = host.machine.readIdentity();
  const request: EnrolRequest = {
    version: 1,
    token,
    publicKey: hexOf(host.curves.publicKeyOf(secretKey)),
    from: host.machine.readEnvironment(),
    device: {
      name: device.name,
      ...(model === undefined ? {} : { model }),
      ...(serial === undefined ? {} : { serial }),
      ...(smbiosId === undefined ? {} : { smbiosId }),
    },
  };
  return utf8Of(JSON.stringify(request));
}

const failed = (code: string, message: string): EnrolEnd => ({ kind: 'failed', code, message });
