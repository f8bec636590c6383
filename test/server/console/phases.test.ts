import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentDetail } from '../../../shared/api/incident.ts';
import { readStations } from '../../../server/console/screens/incident/phases.ts';
import { FixtureClock } from './fixtures/clock.ts';
import { healedIncident } from './fixtures/healed-incident.ts';
import { givenUpIncident, treatingIncident, unexplainedIncident } from './fixtures/other-incidents.ts';

const clock = new FixtureClock(Date.parse('2026-11-20T12:00:00.000Z'));
const drawn = ({ timeline, incident }: IncidentDetail) =>
  readStations(timeline, incident.state).map(({ reached, mark }) => mark ?? reached);

test('a healed machine came through all five phases', () => {
  assert.deepEqual(drawn(healedIncident(clock)), ['done', 'done', 'done', 'done', 'healed']);
});

test('a healed machine whose restart nobody told of still came through', () => {
  const { timeline, incident } = healedIncident(clock);
  const untold = timeline.filter(({ phase }) => phase !== 'reboot');
  const stations = readStations(untold, incident.state);
  assert.equal(stations.at(-1)?.mark, 'healed');
  assert.equal(stations.at(-1)?.at, timeline.at(-1)?.at);
});

test('a machine in treatment stands in remediation', () => {
  assert.deepEqual(drawn(treatingIncident(clock)), ['done', 'done', 'done', 'healing', 'ahead']);
});

test('an unexplained machine stands after the network', () => {
  assert.deepEqual(drawn(unexplainedIncident(clock)), ['done', 'done', 'person', 'ahead', 'ahead']);
});

test('of a machine that came back, only the newest run is drawn', () => {
  assert.deepEqual(drawn(givenUpIncident(clock)), ['done', 'done', 'closed', 'ahead', 'ahead']);
});

test('a machine that told nothing stands at its failed boot', () => {
  assert.deepEqual(
    readStations([], 'open').map(({ mark }) => mark),
    ['down', undefined, undefined, undefined, undefined],
  );
});
