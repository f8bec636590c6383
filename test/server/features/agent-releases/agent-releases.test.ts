import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ringOf } from '../../../../server/features/agent-releases/agent-releases.ts';
import { bytesOfBase64 } from '../../../../shared/bytes/base64.ts';
import type { AgentReleaseDocument } from '../../../../shared/trust/documents.ts';
import { type Readiness, readinessExample } from '../../../../shared/wire/readiness.ts';
import { anna, carla, online, sealBy, type TestKey } from '../../../support/approvers.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
  type TestDevice,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
const { agentReleases, readiness } = features;
await publishTrust(features);

const agentOf = (version: string) => Buffer.from(`MZ agent ${version} `.repeat(40_000));
let number = 0;

async function publish(
  version: string,
  percent: number,
  over: Partial<AgentReleaseDocument> = {},
  key: TestKey = anna,
) {
  const bytes = agentOf(version);
  const release: AgentReleaseDocument = {
    type: 'agent-release',
    organization: organizationId,
    number: number + 1,
    version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    approvedAt: features.now.toISOString(),
    ...over,
  };
  const kept = await agentReleases.publish(organizationId, sealBy('agentRelease', release, key), bytes, {
    percent,
    actor: 'account:anna',
  });
  number = kept.number;
  return kept;
}

const tell = async (device: TestDevice, agentVersion: string, over: Partial<Readiness> = {}) =>
  (
    await readiness.receive(device.signer, {
      ...readinessExample,
      device: { name: 'PC' },
      agentVersion,
      ...over,
    })
  ).update;
const newest = async () => (await agentReleases.list(organizationId)).releases[0]!;

/** Takes the whole of what is offered, as an agent does. */
async function fetchAll(device: TestDevice): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let offsetBytes = 0; ;) {
    const piece = await agentReleases.read(device.signer, { version: 1, number, offsetBytes });
    const bytes = bytesOfBase64(piece.bytes)!;
    if (bytes.length === 0) return Buffer.concat(pieces);
    pieces.push(bytes);
    offsetBytes += bytes.length;
  }
}

test('nothing is kept that approvers did not sign, or that is not the file they signed', async () => {
  await assert.rejects(publish('0.2.0', 100, {}, carla), { code: 'approval-refused' });
  await assert.rejects(publish('0.2.0', 100, {}, online), { code: 'approval-refused' });
  await assert.rejects(publish('0.2.0', 100, { sha256: 'ab'.repeat(32) }), /not the agent that was signed/);
  await assert.rejects(publish('0.2.0', 100, { organization: 'other' }), { code: 'approval-refused' });
  assert.deepEqual((await agentReleases.list(organizationId)).releases, []);
});

test('a healthy machine is offered a newer agent and fetches it in pieces; nobody else does', async () => {
  await publish('0.2.0', 100);
  const device = await enrolDevice(features);
  await assert.rejects(fetchAll(device), { code: 'not-found' });
  assert.ok(await tell(device, '0.1.0'));
  assert.ok(agentOf('0.2.0').equals(await fetchAll(device)));
  assert.equal((await newest()).machines.fetched, 1);
  assert.equal(await tell(device, '0.2.0', { release: { number, state: 'installed' } }), undefined);
  assert.equal((await newest()).machines.installed, 1);
  for (const version of ['0.2.0', '0.10.0', 'unknown']) assert.equal(await tell(device, version), undefined);
  const pending = await enrolDevice(features, 'image');
  assert.equal(await tell(pending, '0.1.0'), undefined, 'a pending machine is offered nothing');
});

test('a share of the machines comes first, always the same ones, and older agents never', async () => {
  await publish('0.3.0', 30);
  const devices = await Promise.all(Array.from({ length: 12 }, () => enrolDevice(features)));
  const offered = async () =>
    (await Promise.all(devices.map(async one => ((await tell(one, '0.2.0')) ? one : undefined)))).filter(
      Boolean,
    );
  const rings = devices.map(one => ringOf(organizationId, one.signer.deviceId));
  assert.deepEqual(
    await offered(),
    devices.filter((_, at) => rings[at]! < 30),
  );
  const ring = (percent: number) =>
    agentReleases.steer(organizationId, number, 'x', { kind: 'offer', percent });
  await ring(70);
  assert.deepEqual(
    await offered(),
    devices.filter((_, at) => rings[at]! < 70),
  );
  await ring(0);
  assert.deepEqual(await offered(), []);
  await assert.rejects(publish('0.2.9', 100), /runs already/, 'the fleet never goes back');
  await assert.rejects(publish('0.4.0', 100, { number: 1 }), /was taken before/);
});

test('machines that fall silent after an update halt it, and going on counts anew', async () => {
  await publish('0.4.0', 100);
  const devices = await Promise.all(Array.from({ length: 5 }, () => enrolDevice(features)));
  for (const device of devices.slice(0, 3)) {
    assert.ok(await tell(device, '0.3.0'));
    await fetchAll(device);
  }
  await tell(devices[0]!, '0.4.0');
  features.passMinutes(25 * 60);
  assert.ok(await tell(devices[3]!, '0.3.0'), 'a day is not over yet');
  features.passMinutes(2 * 60);
  assert.equal(await tell(devices[4]!, '0.3.0'), undefined);
  const halted = await newest();
  assert.deepEqual([halted.state, halted.haltedBecause], ['halted', 'updated-machines-silent']);
  const { number, version } = halted;
  assert.deepEqual(await features.agentReleases.findHalted(organizationId), { number, version });
  await assert.rejects(fetchAll(devices[3]!), { code: 'not-found' }, 'and nobody fetches it any more');
  assert.equal(await tell(devices[3]!, '0.3.0'), undefined);
  const [entry] = await database.query<{ actor: string }>(
    `select actor from audit_entry where action = 'agent-release-halted' order by number desc limit 1`,
  );
  assert.equal(entry!.actor, 'server');
  await agentReleases.steer(organizationId, number, 'account:anna', { kind: 'resume' });
  assert.ok(await tell(devices[4]!, '0.3.0'));
});

test('machines on which it failed halt it, and are not offered it again', async () => {
  await publish('0.5.0', 100);
  const devices = await Promise.all(Array.from({ length: 3 }, () => enrolDevice(features)));
  for (const device of devices) assert.ok(await tell(device, '0.4.0'));
  const release = { number, state: 'failed', code: 'new-agent-did-not-run' } as const;
  assert.equal(await tell(devices[0]!, '0.4.0', { release }), undefined);
  assert.equal((await newest()).state, 'running', 'one alone is no pattern');
  await tell(devices[1]!, '0.4.0', { release });
  assert.equal(await tell(devices[2]!, '0.4.0'), undefined);
  const halted = await newest();
  assert.deepEqual(
    [halted.state, halted.haltedBecause, halted.machines.failed],
    ['halted', 'updates-fail', 2],
  );
});

test('a person halts a release, and no other than there is', async () => {
  await publish('0.6.0', 100);
  await agentReleases.steer(organizationId, number, 'account:anna', { kind: 'halt', reason: 'a doubt' });
  assert.equal(await tell(await enrolDevice(features), '0.5.0'), undefined);
  for (const none of [99, Number.NaN])
    await assert.rejects(agentReleases.steer(organizationId, none, 'x', { kind: 'resume' }), {
      code: 'not-found',
    });
});
