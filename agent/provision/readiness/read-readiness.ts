import { type Readiness, scoreOf } from '../../../shared/wire/readiness.ts';
import { agentBuild } from '../../core/agent-build.ts';
import { readBitLocker, readRecoveryKeyIds } from '../../core/bitlocker.ts';
import { toldIdentity } from '../../core/told-identity.ts';
import type { Host } from '../../host/host.ts';
import { readUpdateRecord } from '../update/update-record.ts';
import {
  findClock,
  findDrivers,
  findEnrolment,
  findPrograms,
  findProvision,
  findTask,
  findTest,
} from './agent-findings.ts';
import { findBitLocker } from './disk-findings.ts';
import { findWifi } from './find-wifi.ts';
import {
  findApplicationControl,
  findBootPolicy,
  findCrashSettings,
  findEnvironment,
  findRecoverySpace,
} from './windows-findings.ts';

const mostKeys = 16;

/** Looks at everything that decides whether this machine could be healed hands-free, and what to do about it. */
export async function readReadiness(host: Host, root: string): Promise<Readiness> {
  const lock = await readBitLocker(host, root);
  const isEncrypted = lock !== 'none' && lock !== 'unknown';
  const keyIds = (isEncrypted ? await readRecoveryKeyIds(host, root) : [])
    .map(id => id.slice(1, -1))
    .slice(0, mostKeys);
  const findings = [
    findEnvironment(host, root),
    findProvision(host, root),
    findRecoverySpace(host, root),
    await findDrivers(host, root),
    findEnrolment(host, root),
    findPrograms(host, root),
    await findApplicationControl(host, root),
    await findTask(host),
    await findBootPolicy(host, root),
    ...(await findBitLocker(host, root, { lock, keyIds })),
    await findCrashSettings(host),
    findWifi(host, root),
    findClock(host, root),
    findTest(host, root),
  ];
  const update = readUpdateRecord(host, root);
  const ended = update.kind === 'value' && update.value.state !== 'trying' ? update.value : undefined;
  return {
    version: 1,
    agentVersion: agentBuild.version,
    device: toldIdentity(host),
    score: scoreOf(findings),
    findings,
    ...(keyIds.length > 0 && { recoveryKeys: keyIds }),
    ...(ended && {
      release: {
        number: ended.number,
        state: ended.state === 'failed' ? 'failed' : 'installed',
        ...(ended.code !== undefined && { code: ended.code }),
      },
    }),
  };
}
