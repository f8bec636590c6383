import { hexOf } from '../bytes/hex.ts';
import { utf8Of } from '../bytes/utf8.ts';
import { escapeXml } from './escape-xml.ts';
import type { WifiCredential } from './recovery-settings.ts';

/** How a personal network guards itself; a profile names exactly one. */
export type WifiSecurity = 'WPA2PSK' | 'WPA3SAE';

/**
 * A profile for `netsh wlan add profile`: joined by hand, not at sight, so that networks are tried in the given order.
 * Source: Microsoft Learn, "WLAN_profile Schema".
 */
export function writeWlanProfile(credential: WifiCredential, security: WifiSecurity): string {
  const { ssid, password } = credential;
  const name = escapeXml(ssid);
  const keyType = /^[0-9A-Fa-f]{64}$/.test(password) ? 'networkKey' : 'passPhrase';
  return `${[
    '<?xml version="1.0"?>',
    '<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1">',
    `  <name>${name}</name>`,
    `  <SSIDConfig><SSID><hex>${hexOf(utf8Of(ssid)).toUpperCase()}</hex><name>${name}</name></SSID></SSIDConfig>`,
    '  <connectionType>ESS</connectionType>',
    '  <connectionMode>manual</connectionMode>',
    '  <MSM><security>',
    `    <authEncryption><authentication>${security}</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption>`,
    `    <sharedKey><keyType>${keyType}</keyType><protected>false</protected><keyMaterial>${escapeXml(password)}</keyMaterial></sharedKey>`,
    '  </security></MSM>',
    '</WLANProfile>',
  ].join('\r\n')}\r\n`;
}
