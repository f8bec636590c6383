import { utf8Of } from '../../../shared/bytes/utf8.ts';
import type { NetworkAddress } from '../../../shared/registry/network-addresses.ts';
import type { WifiCredential } from '../../../shared/winre/recovery-settings.ts';
import { type WifiSecurity, writeWlanProfile } from '../../../shared/winre/wlan-profile.ts';
import type { Host, ToolName } from '../../host/host.ts';
import { imageRoot } from '../image-settings.ts';
import { joinPath } from '../windows-path.ts';

const toolTimeoutMs = 30_000;
/** X: is memory: what lies there is gone with the next start, and so are passwords in it. */
const profilePlace = joinPath(imageRoot, 'bootmend-wlan.xml');

/** Runs a tool for its exit code. What it prints is in some language of the world and may hold a password. */
export async function succeeds(
  host: Host,
  tool: ToolName,
  args: readonly string[],
  timeoutMs = toolTimeoutMs,
): Promise<boolean> {
  const result = await host.tools.run({ tool, arguments: args, timeoutMs });
  return result.kind === 'ended' && result.exitCode === 0;
}

/** Loads the network drivers and the TCP/IP stack of the recovery environment; startnet.cmd never ran. */
export const initializeNetwork = (host: Host): Promise<boolean> =>
  succeeds(host, 'wpeutil', ['InitializeNetwork'], 60_000);

/** Whether the service that joins wireless networks runs; it is started when it does not. */
export async function startWifi(host: Host): Promise<boolean> {
  // `net start` says 2 for a service that runs already, so what decides is whether netsh can speak to it.
  await host.tools.run({ tool: 'net', arguments: ['start', 'wlansvc'], timeoutMs: toolTimeoutMs });
  return succeeds(host, 'netsh', ['wlan', 'show', 'interfaces']);
}

/** Asks for one network; the profile with the password is gone again from the disk when this returns. */
export async function joinWifi(
  host: Host,
  credential: WifiCredential,
  security: WifiSecurity,
): Promise<boolean> {
  if (host.files.find(profilePlace)) host.files.remove(profilePlace);
  host.files.create(profilePlace, utf8Of(writeWlanProfile(credential, security)));
  try {
    const added = ['wlan', 'add', 'profile', `filename=${profilePlace}`, 'user=all'];
    if (!(await succeeds(host, 'netsh', added))) return false;
  } finally {
    host.files.remove(profilePlace);
  }
  return succeeds(host, 'netsh', ['wlan', 'connect', `name=${credential.ssid}`]);
}

/** Forgets a network that could not be joined, so that the next one is not fought over. */
export async function leaveWifi(host: Host, { ssid }: WifiCredential): Promise<void> {
  await succeeds(host, 'netsh', ['wlan', 'disconnect']);
  await succeeds(host, 'netsh', ['wlan', 'delete', 'profile', `name=${ssid}`]);
}

/**
 * The interfaces that could carry an address, by index. The table has a column each for index, metric, MTU, state and
 * name in every language; 4294967295 is the MTU of the loopback.
 */
export async function listInterfaces(host: Host): Promise<readonly string[]> {
  const show = { tool: 'netsh', arguments: ['interface', 'ipv4', 'show', 'interfaces'] } as const;
  const result = await host.tools.run({ ...show, timeoutMs: toolTimeoutMs });
  if (result.kind !== 'ended') return [];
  return result.output.split(/\r?\n/).flatMap(line => {
    const [, index, mtu] = /^\s*(\d+)\s+\d+\s+(\d+)\s+\S+\s+\S/.exec(line) ?? [];
    return index === undefined || mtu === '4294967295' ? [] : [index];
  });
}

/** Gives an interface an address of its own, with what belongs to it. */
export async function setAddress(
  host: Host,
  interfaceIndex: string,
  { address, mask, gateway, nameServers }: NetworkAddress,
): Promise<boolean> {
  const name = `name=${interfaceIndex}`;
  const gateways = gateway === null ? [] : [`gateway=${gateway}`];
  const set = [
    'interface',
    'ipv4',
    'set',
    'address',
    name,
    'source=static',
    `address=${address}`,
    `mask=${mask}`,
  ];
  if (!(await succeeds(host, 'netsh', [...set, ...gateways]))) return false;
  for (const [at, server] of nameServers.entries()) {
    const verb = at === 0 ? ['set', 'dnsservers', name, 'source=static'] : ['add', 'dnsservers', name];
    await succeeds(host, 'netsh', ['interface', 'ipv4', ...verb, `address=${server}`, 'validate=no']);
  }
  return true;
}

/** Lets an interface ask DHCP again. */
export const askDhcp = (host: Host, interfaceIndex: string): Promise<boolean> =>
  succeeds(host, 'netsh', ['interface', 'ipv4', 'set', 'address', `name=${interfaceIndex}`, 'source=dhcp']);
