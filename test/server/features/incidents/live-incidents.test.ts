import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { LiveIncidents } from '../../../../server/features/incidents/live-incidents.ts';
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
    send(event: LiveEvent) {
      told.push(liveEvent.parse(event));
      toldSome();
    },
  };
  const parts = { sql: database, organizationId, events, log: silentLog, clock: () => features.now };
  const live = new LiveIncidents(parts);
  const until = async (isEnough: () => boolean) => {
    while (!isEnough()) await new Promise<void>(resolve => (toldSome = resolve));
  };
  return { live, told, events, until };
}

test('each change is told once, also one that another process wrote', async () => {
  const { live, told } = listenTo();
  const device = await enrolDevice(features);
  await device.checkIn();
  await live.tellChanges();
  await live.tellChanges();
  assert.equal(told.length, 1);
  features.passMinutes(1);
  await device.checkIn();
  await live.tellChanges();
  assert.deepEqual(
    [told.length, told[1]!.incidentId, told[1]!.at],
    [2, told[0]!.incidentId, features.now.toISOString()],
  );
});

test('a change in one server process wakes the consoles of another', async () => {
  const [here, there] = [listenTo(), listenTo()];
  await there.live.start();
  after(() => there.live.stop());
  features.passMinutes(1);
  const device = await enrolDevice(features);
  await device.checkIn();
  here.live.changed();
  const { incident } = await device.incident();
  await there.until(() => there.told.some(event => event.incidentId === incident.incidentId));
  await there.live.stop();
});

test('nothing is read while no console listens', async () => {
  const { live, told, events } = listenTo();
  events.readers = 0;
  await (await enrolDevice(features)).checkIn();
  await live.tellChanges();
  assert.deepEqual(told, []);
});
