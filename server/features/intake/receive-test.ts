import type { Answer } from '../../../shared/wire/answer.ts';
import type { Booted } from '../../../shared/wire/booted.ts';
import type { CheckIn } from '../../../shared/wire/check-in.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { IntakeParts } from './intake-parts.ts';
import { IntakeStore } from './intake-store.ts';
import { admitted } from './receive-report.ts';
import { TestStore } from './test-store.ts';

const answer: Answer = { version: 1, incidentCode: 'TEST', decision: { kind: 'carry-on' } };

/**
 * Whether a machine only proves the path. One that came in test mode and has facts or an attempt to tell needs help: it
 * is treated as any other.
 */
export const isTest = ({ reason, facts, evidence, previousAttempt }: CheckIn): boolean =>
  reason === 'test-mode' &&
  Object.keys(facts).length === 0 &&
  evidence.length === 0 &&
  previousAttempt === undefined;

/** A test is kept for itself: no incident, so that no count, curve or outbreak ever knows of it. */
export async function receiveTest(
  parts: IntakeParts,
  signer: DeviceKeyName,
  message: CheckIn,
): Promise<Answer> {
  const { organizationId, deviceId } = signer;
  const { episode, sequence, agentVersion, story, trustVersion, recallVersion } = message;
  return await parts.transactions.transaction(async sql => {
    const store = new IntakeStore(sql);
    const now = parts.clock();
    const device = admitted(await store.lockDevice(signer, now), signer);
    if (message.device) await parts.copies.suspect(sql, signer, device, message.device, 'check-in');
    const asked = { organizationId, deviceId, episode, sequence, attemptsSince: now, remediationIds: [] };
    const situation = await store.readSituation(asked);
    await new TestStore(sql).begin(organizationId, deviceId, { episode, agentVersion, story, now });
    const state = await parts.trust.stateAt(sql, organizationId, situation);
    return { ...answer, ...parts.trust.updatesFor(state, { trustVersion, recallVersion }) };
  });
}

/** Windows came up after a test; undefined when the episode was no test. */
export async function receiveTestBooted(
  parts: IntakeParts,
  signer: DeviceKeyName,
  { episode }: Booted,
): Promise<Answer | undefined> {
  const { organizationId, deviceId } = signer;
  return await parts.transactions.transaction(async sql => {
    const now = parts.clock();
    admitted(await new IntakeStore(sql).lockDevice(signer, now), signer);
    const isKnown = await new TestStore(sql).markBooted(organizationId, deviceId, episode, now);
    return isKnown ? answer : undefined;
  });
}
