import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import { listWifiNetworks } from '../../core/network/wifi-networks.ts';
import { joinPath } from '../../core/windows-path.ts';
import type { Host } from '../../host/host.ts';
import { readWholeFile } from '../file-work.ts';
import { findingOf } from './finding.ts';

const mostProfileBytes = 64 * 1024;

/**
 * Whether WinRE could join a wireless network of this machine. The profiles of Windows say what each network asks for;
 * their names are people's and are counted only.
 */
export function findWifi(host: Host, root: string): ReadinessFinding {
  const { good, bad } = findingOf('wifi', 3);
  const known = listWifiNetworks(host, root);
  if (known.length > 0) return good(`Wi-Fi in WinRE: ${known.map(({ ssid }) => ssid).join(', ')}`);
  const { profiles, enterprise, password } = countWifiProfiles(host, root);
  if (profiles === 0) return good('This Windows joins no Wi-Fi; WinRE uses Ethernet, too.');
  return bad(
    `WinRE knows none of the ${profiles} Wi-Fi networks of this Windows: ${enterprise} with 802.1X, ${password} with a password.`,
    'WinRE cannot join 802.1X: give it a network with a password, or have Ethernet at hand.',
    'bootmend wifi FILE.xml',
  );
}

/** How many wireless networks this Windows knows, and what they ask for. */
export function countWifiProfiles(host: Host, root: string) {
  const profiles = readProfiles(host, root);
  const enterprise = profiles.filter(xml => /<useOneX>\s*true/i.test(xml)).length;
  const password = profiles.filter(xml => /<authentication>\s*WPA[23]?(PSK|SAE)/i.test(xml)).length;
  return { profiles: profiles.length, enterprise, password };
}

function readProfiles(host: Host, root: string): readonly string[] {
  const interfaces = joinPath(root, 'ProgramData', 'Microsoft', 'Wlansvc', 'Profiles', 'Interfaces');
  return (host.files.list(interfaces) ?? []).flatMap(({ name: card }) => {
    const folder = joinPath(interfaces, card);
    return (host.files.list(folder) ?? [])
      .filter(({ name }) => /\.xml$/i.test(name))
      .flatMap(({ name }) => {
        const bytes = readWholeFile(host, joinPath(folder, name), mostProfileBytes);
        return bytes ? [textOfUtf8(bytes).text] : [];
      });
  });
}
