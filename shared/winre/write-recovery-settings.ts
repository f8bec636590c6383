import type { RecoverySettings } from './recovery-settings.ts';
import { escapeXml } from './escape-xml.ts';

/**
 * The settings file as `reagentc /setrecoverysettings /path FILE` takes it, in the order of Microsoft's page, UTF-8.
 * It holds the passwords in clear text, as Microsoft's format demands.
 */
export function writeRecoverySettings(settings: RecoverySettings): string {
  const { wifi, cloudRemediation, autoRemediation } = settings;
  const lines = ['<?xml version="1.0" encoding="utf-8"?>', '<WindowsRE>'];
  if (wifi.length > 0) {
    const networks = wifi.map(
      ({ ssid, password }) => `    <Wifi ssid="${escapeXml(ssid)}" password="${escapeXml(password)}"/>`,
    );
    lines.push('  <WifiCredential>', ...networks, '  </WifiCredential>');
  }
  if (cloudRemediation) lines.push(`  <CloudRemediation state="${cloudRemediation.isOn ? 1 : 0}"/>`);
  if (autoRemediation) {
    const { isOn, totalWaitMinutes, waitIntervalMinutes } = autoRemediation;
    const attributes = [
      `state="${isOn ? 1 : 0}"`,
      ...(totalWaitMinutes === undefined ? [] : [`totalwaittime="${totalWaitMinutes}"`]),
      ...(waitIntervalMinutes === undefined ? [] : [`waitinterval="${waitIntervalMinutes}"`]),
    ];
    lines.push(`  <AutoRemediation ${attributes.join(' ')}/>`);
  }
  return `${[...lines, '</WindowsRE>'].join('\r\n')}\r\n`;
}

/** The settings as people may read them: every password is left out. */
export const withoutPasswords = ({ wifi, ...rest }: RecoverySettings) => ({
  wifi: wifi.map(({ ssid }) => ({ ssid })),
  ...rest,
});
