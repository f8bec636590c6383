import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentDetail } from '../../../shared/api/incident.ts';
import { readStations, readTestStations } from '../../../server/console/words/phases.ts';
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

test('a test came as far as its story says, and through when Windows came up', () => {
  const startedAt = '2026-11-20T11:00:05.000Z';
  const story = [
    { phase: 'failed-boot', atMs: 0 },
    { phase: 'winre', atMs: 1000 },
    { phase: 'network', atMs: 4000 },
    { phase: 'check-in', atMs: 5000 },
  ] as const;
  const sent = { startedAt, agentVersion: '0.1.0', story: [...story] };
  const drawnAt = (test: Parameters<typeof readTestStations>[0], at: string) =>
    readTestStations(test, Date.parse(at)).map(({ reached, mark }) => mark ?? reached);
  assert.deepEqual(drawnAt(sent, '2026-11-20T11:02:00.000Z'), [
    'done',
    'done',
    'confirming',
    'ahead',
    'ahead',
  ]);
  assert.deepEqual(drawnAt(sent, '2026-11-20T13:00:00.000Z'), ['done', 'done', 'person', 'ahead', 'ahead']);
  const booted = { ...sent, bootedAt: '2026-11-20T11:01:10.000Z' };
  assert.deepEqual(drawnAt(booted, '2026-11-21T11:00:00.000Z'), ['done', 'done', 'done', 'done', 'healed']);
  assert.deepEqual(
    readTestStations(booted, Date.parse('2026-11-21T11:00:00.000Z')).map(({ at }) => at?.slice(14, 19)),
    ['00:00', '00:01', '00:04', undefined, '01:10'],
  );
});
