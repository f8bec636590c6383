import { isRecoveryPassword } from '../../shared/winre/recovery-password.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import type { Host, HostVolume } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';

const toolTimeoutMs = 60_000;

/** A volume's BitLocker as far as it can be told. `suspended`: encrypted, and its key lies in the clear beside it. */
export type BitLockerState = HostVolume['bitLocker'] | 'suspended';

/** How BitLocker stands on a Windows volume; absent where nothing tells. */
export const factOfBitLocker = ({ bitLocker }: FoundWindows): Facts =>
  bitLocker === 'unknown' ? {} : { 'volume.bitlocker': bitLocker };

/**
 * What manage-bde says about the lock of a volume, in any language: the second field is a version number only on a
 * BitLocker volume, and the share that is encrypted is a number only while the volume is open. `unknown` when the tool
 * is missing or prints something else.
 */
export async function readVolumeLock(host: Host, root: string): Promise<HostVolume['bitLocker']> {
  return (await readStatus(host, root)).lock;
}

/**
 * The same, and whether the protection is suspended. The words for that are in the language of Windows; what manage-bde
 * ends with when it is asked for an error level is not: 0 protected, 1 not. A volume that is still being encrypted is not
 * protected either, so only a whole one counts.
 */
export async function readBitLocker(host: Host, root: string): Promise<BitLockerState> {
  const { lock, isWhole } = await readStatus(host, root);
  if (lock !== 'unlocked' || !isWhole) return lock;
  const args = ['-status', driveOf(root), '-protectionaserrorlevel'];
  const result = await host.tools.run({ tool: 'manage-bde', arguments: args, timeoutMs: toolTimeoutMs });
  return result.kind === 'ended' && result.exitCode === 1 ? 'suspended' : lock;
}

async function readStatus(
  host: Host,
  root: string,
): Promise<{ readonly lock: HostVolume['bitLocker']; readonly isWhole: boolean }> {
  const output = await manageBde(host, ['-status', driveOf(root)]);
  const fields = output === undefined ? [] : fieldsOf(output);
  const [, version, , percent] = fields;
  if (version === undefined || percent === undefined || !percent.includes('%'))
    return { lock: 'unknown', isWhole: false };
  if (!/\d/.test(version)) return { lock: 'none', isWhole: false };
  return { lock: /\d/.test(percent) ? 'unlocked' : 'locked', isWhole: /^100(?:\D|$)/.test(percent) };
}

/**
 * The ids of a volume's recovery passwords: what a help desk looks the password up by. The tool prints the passwords
 * themselves for an open volume, so nothing but the ids leaves this function.
 */
export async function readRecoveryKeyIds(host: Host, root: string): Promise<readonly string[]> {
  return readProtectorIds(host, root, 'RecoveryPassword');
}

/** What opens a volume, in the words of `manage-bde -protectors -get -Type`. */
export type KeyProtector =
  'RecoveryPassword' | 'TPM' | 'TPMAndPIN' | 'TPMAndStartupKey' | 'TPMAndPINAndStartupKey';

/** The ids of the protectors of one kind: words around them are translated, ids are not. */
export async function readProtectorIds(
  host: Host,
  root: string,
  type: KeyProtector,
): Promise<readonly string[]> {
  const args = ['-protectors', '-get', driveOf(root), '-Type', type];
  const output = (await manageBde(host, args)) ?? '';
  const ids = output.match(/\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}/g) ?? [];
  return [...new Set(ids.map(id => id.toUpperCase()))];
}

/** Opens a locked volume; true when it is open afterwards. */
export async function unlockVolume(host: Host, root: string, recoveryPassword: string): Promise<boolean> {
  if (!isRecoveryPassword(recoveryPassword)) return false;
  await manageBde(host, ['-unlock', driveOf(root), '-RecoveryPassword', recoveryPassword]);
  return (await readVolumeLock(host, root)) === 'unlocked';
}

/** Locks a volume again. Only for one that we opened: what was open when we came stays open for the menu. */
export async function lockVolume(host: Host, root: string): Promise<boolean> {
  await manageBde(host, ['-lock', driveOf(root), '-ForceDismount']);
  return (await readVolumeLock(host, root)) === 'locked';
}

async function manageBde(host: Host, args: readonly string[]): Promise<string | undefined> {
  const result = await host.tools.run({ tool: 'manage-bde', arguments: args, timeoutMs: toolTimeoutMs });
  return result.kind === 'ended' ? result.output : undefined;
}

const driveOf = (root: string): string => root.slice(0, 2);

/** The values of the indented `Name: value` lines, in their order. */
function fieldsOf(output: string): readonly string[] {
  return output.split(/\r?\n/).flatMap(line => {
    const value = /^\s{4,}[^:]+?\s*:\s*(.*)$/.exec(line)?.[1];
    return value === undefined ? [] : [value.trim()];
  });
}
