import { utf8Of } from '../../shared/bytes/utf8.ts';
import { readPrintedSettings } from '../../shared/winre/read-recovery-settings.ts';
import { waitSettings } from '../../shared/winre/agent-settings.ts';
import { defaultWaits, type RecoverySettings } from '../../shared/winre/recovery-settings.ts';
import { withoutPasswords, writeRecoverySettings } from '../../shared/winre/write-recovery-settings.ts';
import { stateFolderOn, writeJsonFile } from '../core/state-folder.ts';
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
  await noteWindowsWaits(host, root);
  return describe(told.value) === describe(settings)
    ? told
    : failed('settings-differ', 'reagentc took the settings and tells others.');
}

/**
 * Notes how long Windows' own quick machine recovery waits on this machine, for the recovery environment, where nobody
 * tells it. What it does not say is what Microsoft takes; what cannot be asked changes nothing.
 */
export async function noteWindowsWaits(host: Host, root: string): Promise<void> {
  const told = await readWindowsSettings(host);
  if (!told.ok && told.problem.code !== 'settings-not-told') return;
  const auto = told.ok ? told.value.autoRemediation : undefined;
  const { totalWaitMinutes = defaultWaits.totalWaitMinutes } = auto ?? {};
  const { waitIntervalMinutes = Math.min(defaultWaits.waitIntervalMinutes, totalWaitMinutes) } = auto ?? {};
  const isSaid = auto?.totalWaitMinutes !== undefined || auto?.waitIntervalMinutes !== undefined;
  const waits = waitSettings.safeParse({ waitIntervalMinutes, totalWaitMinutes });
  const { waits: place, path } = stateFolderOn(root);
  if (isSaid && waits.success) {
    host.files.makeDirectory(path);
    writeJsonFile(host, place, waits.data);
  } else if (host.files.find(place)) host.files.remove(place);
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
