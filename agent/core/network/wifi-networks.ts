import * as z from 'zod/mini';
import { wifiNetwork } from '../../../shared/winre/agent-settings.ts';
import { maxWifiCredentials, type WifiCredential } from '../../../shared/winre/recovery-settings.ts';
import type { Host } from '../../host/host.ts';
import { readImageSettings } from '../image-settings.ts';
import { readJsonFile, stateFolderOn } from '../state-folder.ts';

/** `network.json`: wireless networks in the order in which they are tried, on the Windows volume alone. */
export const networkMemory = z.object({
  version: z.literal(1),
  wifi: z.array(wifiNetwork).check(z.maxLength(maxWifiCredentials)),
});

/** The networks this machine may join: its own first, then those that an admin put into the image on purpose. */
export function listWifiNetworks(host: Host, root: string | undefined): readonly WifiCredential[] {
  const memory =
    root === undefined ? undefined : readJsonFile(host, stateFolderOn(root).network, networkMemory);
  const own = memory?.kind === 'value' ? memory.value.wifi : [];
  const all = [...own, ...(readImageSettings(host)?.wifi ?? [])];
  return all.filter(({ ssid }, index) => all.findIndex(other => other.ssid === ssid) === index);
}
