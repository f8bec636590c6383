import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import { type BitLockerState, type KeyProtector, readProtectorIds } from '../../core/bitlocker.ts';
import { DeviceMemory } from '../../core/device-memory.ts';
import type { Host } from '../../host/host.ts';
import { findingOf } from './finding.ts';

/** Protectors that ask a person for something at each start. */
const asking: readonly KeyProtector[] = ['TPMAndPIN', 'TPMAndStartupKey', 'TPMAndPINAndStartupKey'];

export interface Encryption {
  readonly lock: BitLockerState;
  /** Ids of the recovery passwords of the Windows volume. */
  readonly keyIds: readonly string[];
}

/** How the volume is protected, and whether somebody can open it on the worst day. */
export async function findBitLocker(
  host: Host,
  root: string,
  { lock, keyIds }: Encryption,
): Promise<readonly ReadinessFinding[]> {
  const { good, bad, unknown } = findingOf('bitlocker', 5);
  const [drive] = root.split('\\');
  if (lock === 'unknown')
    return [unknown('manage-bde does not tell.', 'Run it as administrator.', 'manage-bde -status')];
  if (lock === 'none') return [good('The volume is not encrypted.')];
  const escrow = findEscrow(host, root, drive!, keyIds);
  if (lock === 'suspended')
    return [
      bad(
        'Encrypted, and the protection is suspended: whoever has the disk can read it.',
        'Turn it on again, unless an update is under way.',
        `manage-bde -protectors -enable ${drive}`,
      ),
      escrow,
    ];
  return [good('Encrypted and protected.'), escrow, await findStartupKey(host, root)];
}

/** Kept by our own server is what this machine can know; what a directory holds it cannot, so that is never good. */
function findEscrow(host: Host, root: string, drive: string, keyIds: readonly string[]): ReadinessFinding {
  const { good, bad, unknown } = findingOf('recovery-key-escrowed', 5);
  if (keyIds.length === 0)
    return bad(
      'There is no recovery password.',
      'Add one, and have it kept.',
      `manage-bde -protectors -add ${drive} -RecoveryPassword`,
    );
  const loaded = DeviceMemory.load(host, root);
  const kept = loaded.ok ? loaded.memory.state.keptKeys : undefined;
  const names = keyIds.join(', ');
  if (kept && keyIds.some(id => kept.includes(id)))
    return good(`The server keeps ${keyIds.filter(id => kept.includes(id)).join(', ')}.`);
  return unknown(
    kept ? `The server does not keep ${names}.` : `Whether ${names} is kept was not asked yet.`,
    kept
      ? 'Look for it in AD or Entra, and import it at the server.'
      : 'The server tells it with its next answer.',
    kept ? undefined : 'bootmend readiness --send',
  );
}

async function findStartupKey(host: Host, root: string): Promise<ReadinessFinding> {
  const { good, bad, unknown } = findingOf('start-without-person', 5);
  for (const type of asking)
    if ((await readProtectorIds(host, root, type)).length > 0)
      return bad(
        `Each start asks a person for something (${type}).`,
        'Have somebody there for each repair, or let the TPM alone open the volume.',
      );
  return (await readProtectorIds(host, root, 'TPM')).length > 0
    ? good('The TPM opens the volume without a person.')
    : unknown(
        'manage-bde names nothing that opens the volume at the start.',
        'See how it is opened.',
        `manage-bde -protectors -get ${root.slice(0, 2)}`,
      );
}
