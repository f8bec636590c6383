import { readControlSets } from '../../../shared/registry/control-sets.ts';
import { type NetworkAddress, readNetworkAddresses } from '../../../shared/registry/network-addresses.ts';
import type { WifiCredential } from '../../../shared/winre/recovery-settings.ts';
import type { Host } from '../../host/host.ts';
import { readHive } from '../collect/read-hive.ts';
import type { FoundWindows } from '../found-windows.ts';
import type { Session } from '../session.ts';
import {
  askDhcp,
  initializeNetwork,
  joinWifi,
  leaveWifi,
  listInterfaces,
  setAddress,
  startWifi,
} from './network-tools.ts';
import { listWifiNetworks } from './wifi-networks.ts';

/** How it came up, for the log; `none` and why is told there, too. `key`: a person wants the menu. */
export type NetworkEnd = 'up' | 'none' | 'key';

/** A switch port with spanning tree takes 30 seconds before it lets DHCP through. */
const ethernetMs = 45_000;
const wifiMs = 20_000;
const addressMs = 5000;
/** A key press is noticed at least this often. */
const lookMs = 1000;

/**
 * Brings the network up, cheapest way first: what is there already; Ethernet with DHCP; Wi-Fi networks in their order,
 * WPA3 before WPA2; last the addresses that this Windows had when it ran, for the day on which DHCP is down, too. What
 * lies on the Windows volume is not there while that is locked: then `windows` is undefined. Each way has its time, none goes beyond `untilMs`, and any key press ends it.
 */
export async function bringUpNetwork(
  session: Session,
  windows: FoundWindows | undefined,
  untilMs: number,
): Promise<NetworkEnd> {
  const { host } = session;
  const up = (way: string): NetworkEnd => {
    session.log('info', 'network-up', `The network is up: ${way}.`, { way });
    return 'up';
  };
  if (host.network.hasAddress()) return up('already');

  session.show('Starting the network. Press any key for the recovery menu.');
  if (!(await initializeNetwork(host)))
    session.log('warn', 'network-not-initialized', 'wpeutil could not start the network.');
  const wired = await waitForAddress(host, ethernetMs, untilMs);
  if (wired !== 'none') return wired === 'up' ? up('ethernet') : wired;

  const networks = listWifiNetworks(host, windows?.root);
  const joined = networks.length > 0 ? await tryWifi(session, networks, untilMs) : 'none';
  if (joined !== 'none') return joined === 'up' ? up('wifi') : joined;

  const known = windows ? await tryKnownAddresses(session, windows, untilMs) : 'none';
  return known === 'up' ? up('last-known-address') : known;
}

async function tryWifi(
  session: Session,
  networks: readonly WifiCredential[],
  untilMs: number,
): Promise<NetworkEnd> {
  const { host } = session;
  if (!(await startWifi(host))) {
    session.log(
      'warn',
      'wifi-not-there',
      'There is no wireless adapter, or its driver is not in this image.',
    );
    return 'none';
  }
  for (const network of networks) {
    for (const security of ['WPA3SAE', 'WPA2PSK'] as const) {
      if (host.clock.monotonicMs() >= untilMs) return 'none';
      session.show(`Joining ${network.ssid}. Press any key for the recovery menu.`);
      const asked = await joinWifi(host, network, security);
      const end = asked ? await waitForAddress(host, wifiMs, untilMs) : 'none';
      if (end !== 'none') return end;
      session.log('info', 'wifi-not-joined', `${network.ssid} could not be joined.`, { security, asked });
      await leaveWifi(host, network);
    }
  }
  return 'none';
}

/** What the interfaces of this Windows had: tried one by one, taken back when nothing is reached by them. */
async function tryKnownAddresses(
  session: Session,
  windows: FoundWindows,
  untilMs: number,
): Promise<NetworkEnd> {
  const { host } = session;
  const addresses = readKnownAddresses(host, windows);
  if (addresses.length === 0) return 'none';
  for (const index of await listInterfaces(host)) {
    for (const known of addresses.slice(0, 2)) {
      session.show('Using the last known network address. Press any key for the recovery menu.');
      const isSet = await setAddress(host, index, known);
      const end = isSet ? await waitForAddress(host, addressMs, untilMs) : 'none';
      const { kind } = known;
      session.log('info', 'known-address-tried', `The last ${kind} address was tried.`, {
        index,
        isSet,
        end,
      });
      if (end !== 'none') return end;
      await askDhcp(host, index);
    }
  }
  return 'none';
}

function readKnownAddresses(host: Host, windows: FoundWindows): readonly NetworkAddress[] {
  const { content } = readHive(host, windows, 'SYSTEM', hive => {
    const { path } = readControlSets(hive);
    return path === null ? [] : readNetworkAddresses(hive, path);
  });
  return content ?? [];
}

/** Waits until the host has an address. A key counts also when it came while a tool was running. */
export async function waitForAddress(host: Host, timeoutMs: number, untilMs: number): Promise<NetworkEnd> {
  const endMs = Math.min(host.clock.monotonicMs() + timeoutMs, untilMs);
  for (;;) {
    const isUp = host.network.hasAddress();
    if ((await host.clock.wait(isUp ? 0 : lookMs)) === 'key') return 'key';
    if (isUp) return 'up';
    if (host.clock.monotonicMs() >= endMs) return 'none';
  }
}
