import { utf8Of } from '../../shared/bytes/utf8.ts';
import { readPrintedSettings } from '../../shared/winre/read-recovery-settings.ts';
import type { RecoverySettings } from '../../shared/winre/recovery-settings.ts';
import { withoutPasswords, writeRecoverySettings } from '../../shared/winre/write-recovery-settings.ts';
import { stateFolderOn } from '../core/state-folder.ts';
import { joinPath } from '../core/windows-path.ts';
import type { Host } from '../host/host.ts';
import { replaceFile } from './file-work.ts';
import { type Done, failed, runTool } from './windows-tools.ts';

/** How Windows' own quick machine recovery is set, as `reagentc` tells it. */
export async function readWindowsSettings(host: Host): Promise<Done<RecoverySettings>> {
  const printed = await runTool(host, 'reagentc', '/getrecoverysettings');
  if (!printed.ok) return printed;
  const read = readPrintedSettings(printed.value);
  if (!read) return failed('settings-not-told', 'reagentc tells no settings; none were given to it yet.');
  if (read.ok) return { ok: true, value: read.settings };
  const mistakes = read.problems.map(({ message }) => message).join(' ');
  return failed('settings-not-read', `What reagentc tells cannot be read: ${mistakes}`);
}

/**
 * Gives Windows these settings, and believes it only when it tells the same. The file that carries them holds passwords;
 * it lies in the agent's own folder and is gone when this returns.
 */
export async function giveWindowsSettings(
  host: Host,
  root: string,
  settings: RecoverySettings,
): Promise<Done<RecoverySettings>> {
  const { path } = stateFolderOn(root);
  host.files.makeDirectory(path);
  const file = joinPath(path, 'recovery-settings.xml');
  replaceFile(host, file, utf8Of(writeRecoverySettings(settings)));
  const given = await runTool(host, 'reagentc', '/setrecoverysettings', '/path', file);
  host.files.remove(file);
  if (!given.ok) return given;
  const told = await readWindowsSettings(host);
  if (!told.ok) return told;
  return describe(told.value) === describe(settings)
    ? told
    : failed('settings-differ', 'reagentc took the settings and tells others.');
}

/** One text for equal settings; what they say of passwords is left out. */
const describe = (settings: RecoverySettings): string => settingsWords(settings).join('\n');

/** The settings in the words of people, without passwords. */
export function settingsWords(settings: RecoverySettings): readonly string[] {
  const { wifi, cloudRemediation: cloud, autoRemediation: auto } = withoutPasswords(settings);
  const switchOf = (one: { readonly isOn: boolean } | undefined) =>
    one === undefined ? 'not set' : one.isOn ? 'on' : 'off';
  const interval = auto?.waitIntervalMinutes;
  const total = auto?.totalWaitMinutes;
  return [
    `Cloud remediation: ${switchOf(cloud)}.`,
    `Automatic remediation: ${switchOf(auto)}${interval === undefined ? '' : `, a look every ${interval} minutes`}${total === undefined ? '' : `, for ${total} minutes`}.`,
    `Networks, in this order: ${wifi.map(({ ssid }) => ssid).join(', ') || 'none'}.`,
  ];
}
