import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, test } from 'node:test';
import { ToldDeeds } from '../../../../server/features/audit/told-deeds.ts';
import { ToldIncidents } from '../../../../server/features/incidents/told-incidents.ts';
import { LiveChanges } from '../../../../server/features/live/live-changes.ts';
import { KeyRequestStore } from '../../../../server/features/recovery-keys/key-request-store.ts';
import { RecoveryKeyStore } from '../../../../server/features/recovery-keys/recovery-key-store.ts';
import { ToldKeyRequests } from '../../../../server/features/recovery-keys/told-key-requests.ts';
import { type LiveEvent, liveEvent } from '../../../../shared/api/live-event.ts';
import { withDatabase } from '../../../support/database.ts';
import { enrolDevice, featuresOver, organizationId } from '../../../support/server-features.ts';
import { silentLog } from '../../../support/silent-log.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);

/** A console that notes what it is told. */
function listenTo() {
  const told: LiveEvent[] = [];
  let toldSome = () => {};
  const events = {
    readers: 1,
    send: (event: LiveEvent) => {
      told.push(liveEvent.parse(event));
      toldSome();
    },
  };
  const parts = { sql: database, organizationId, send: events.send, clock: () => features.now };
  const [incidents, deeds] = [new ToldIncidents(parts), new ToldDeeds(parts)];
  const keyRequests = new ToldKeyRequests(parts);
  const live = new LiveChanges({ sql: database, events, log: silentLog });
  const until = async (isEnough: () => boolean) => {
    while (!isEnough()) await new Promise<void>(resolve => (toldSome = resolve));
  };
  return { live, incidents, deeds, keyRequests, told, events, until };
}

test('each change is told once, also one that another process wrote', async () => {
  const { incidents, told } = listenTo();
  const device = await enrolDevice(features);
  await device.checkIn();
  await incidents.tell();
  await incidents.tell();
  assert.equal(told.length, 1);
  features.passMinutes(1);
  await device.checkIn();
  await incidents.tell();
  assert.deepEqual([told.length, told[1]], [2, { ...told[0], at: features.now.toISOString() }]);
});

test('a change in one server process wakes the consoles of another', async () => {
  const [here, there] = [listenTo(), listenTo()];
  await there.live.start([there.incidents]);
  after(() => there.live.stop());
  features.passMinutes(1);
  const device = await enrolDevice(features);
  await device.checkIn();
  here.live.changed();
  const { incident } = await device.incident();
  await there.until(() =>
    there.told.some(one => one.kind === 'incident' && one.incidentId === incident.incidentId),
  );
  await there.live.stop();
});

test('what is in the audit log since the last look is told, once for all of it', async () => {
  const { deeds, told } = listenTo();
  await deeds.tell();
  assert.deepEqual(told, [], 'what was done before is on the page');
  await enrolDevice(features);
  await enrolDevice(features);
  deeds.skip();
  await deeds.tell();
  await deeds.tell();
  assert.deepEqual(told, [{ kind: 'deed', at: features.now.toISOString() }]);
});

test('a locked machine that asks for its recovery key is told, once', async () => {
  const { keyRequests, told } = listenTo();
  const { deviceId } = (await enrolDevice(features)).signer;
  const keyId = '6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB';
  const { now } = features;
  const kept = { keyId, deviceId, volume: 'C:', sealed: Buffer.alloc(1), importedBy: 'test', now };
  await new RecoveryKeyStore(database).keep(organizationId, kept);
  await keyRequests.tell();
  assert.deepEqual(told, [], 'nobody asks yet');
  await new KeyRequestStore(database).insert(organizationId, {
    requestId: randomUUIDv7(),
    requestKey: Buffer.alloc(32, 1),
    boxKey: Buffer.alloc(32, 2),
    code: 'K7Q29MPD',
    keyId,
    deviceId,
    told: { name: 'LAPTOP-4711' },
    now,
  });
  await keyRequests.tell();
  await keyRequests.tell();
  assert.deepEqual(told, [{ kind: 'key-request', at: now.toISOString() }]);
});

test('nothing is read while no console listens', async () => {
  const { live, incidents, told, events, until } = listenTo();
  events.readers = 0;
  let skipped = false;
  const teller = {
    tell: () => incidents.tell(),
    skip() {
      incidents.skip();
      skipped = true;
      events.send({ kind: 'deed', at: features.now.toISOString() });
    },
  };
  await (await enrolDevice(features)).checkIn();
  await live.start([teller]);
  await until(() => skipped);
  await live.stop();
  assert.ok(told.every(one => one.kind === 'deed'));
});
