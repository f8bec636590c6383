import { readVolumeLock, unlockVolume } from '../core/bitlocker.ts';
import { runRecovery } from '../core/run-recovery.ts';
import type { RecoveryEnd } from '../core/session.ts';
import { noteOpening, relockOpened } from '../core/unlock/opened-volumes.ts';
import { isSamePath } from '../core/windows-path.ts';
import type { Host, HostVolume } from '../host/host.ts';
import { type Done, failed } from './windows-tools.ts';

/**
 * Heals the Windows of an attached disk or a mounted virtual disk from a healthy Windows: the same order and the same
 * code, as the device that this disk belongs to. Nothing restarts. A volume that was locked is opened with the recovery
 * password and locked again, by the next command where this one is cut off; one that was open stays open.
 */
export async function healVolume(
  host: Host,
  root: string,
  recoveryPassword?: string,
): Promise<Done<RecoveryEnd>> {
  const volume = host.machine.listVolumes().find(one => isSamePath(one.root, root));
  if (!volume) return failed('volume-missing', `There is no volume ${root}.`);
  const running = host.machine.readBootEntryVolume();
  if (host.machine.readEnvironment() === 'windows' && running !== undefined && isSamePath(running, root))
    return failed('volume-runs', `${root} is the Windows that runs; only another one can be healed.`);
  await relockOpened(host);
  const lock = volume.bitLocker === 'locked' ? 'locked' : await readVolumeLock(host, root);
  if (lock === 'locked') {
    if (recoveryPassword === undefined)
      return failed(
        'volume-locked',
        `${root} is locked by BitLocker; name a file with its recovery password.`,
      );
    await noteOpening(host, root);
    if (!(await unlockVolume(host, root, recoveryPassword)))
      return failed('not-unlocked', `${root} is not opened by this recovery password.`);
  }
  const bitLocker = lock === 'locked' ? 'unlocked' : 'none';
  try {
    return { ok: true, value: await runRecovery(hostForVolume(host, { root, bitLocker })) };
  } finally {
    await relockOpened(host);
  }
}

/** The machine as a recovery run may see it: this one volume, started by a person, and nothing to restart. */
const hostForVolume = (host: Host, volume: HostVolume): Host => ({
  ...host,
  machine: {
    readEnvironment: () => 'recovery',
    // Its model and firmware are those of the machine that heals, not of the one that this Windows belongs to.
    readIdentity: () => ({ name: host.machine.readIdentity().name }),
    readStartReason: () => ({ kind: 'marker' }),
    readPower: () => host.machine.readPower(),
    listVolumes: () => [volume],
    readBootEntryVolume: () => volume.root,
    readImagePlace: () => undefined,
    reboot: () => undefined,
    handOver: () => undefined,
  },
});
