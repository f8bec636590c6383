import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentDetail, type IncidentDetail } from '../../../../shared/api/incident.ts';
import { hideNames, hideNamesInList } from '../../../../server/features/incidents/hide-names.ts';
import { FixtureClock } from '../../console/fixtures/clock.ts';
import { storedDetails } from '../../console/fixtures/incident-rows.ts';

const details = storedDetails(new FixtureClock(Date.parse('2026-01-01T00:00:00Z')));
const [example] = details;
assert.ok(example);
const telling: IncidentDetail = {
  ...example,
  verdict: `${example.device.name} is down.`,
  facts: {
    ...example.facts,
    'srt.rootCause': String.raw`C:\Users\ada.lovelace\boot.log is damaged on ${example.device.name}`,
  },
};

test('no name of a machine or a person leaves with a page that hides names', () => {
  const shown = JSON.stringify(hideNames(telling));
  assert.ok(!shown.includes(example.device.name), example.device.name);
  assert.ok(!/ada\.lovelace/i.test(shown));
  assert.match(hideNames(telling).verdict, /^host-1 is down\.$/);
});

test('what leads back to the incident stays, and so does its shape', () => {
  for (const detail of details) {
    const hidden = incidentDetail.parse(hideNames(detail));
    const ids = ({ incident, device, evidence, attempts }: IncidentDetail) => [
      incident.incidentId,
      incident.code,
      device.deviceId,
      evidence.map(one => [one.evidenceId, one.sha256]),
      attempts.map(one => [one.attemptId, one.script, one.scriptSha256]),
    ];
    assert.deepEqual(ids(hidden), ids(detail));
    assert.deepEqual(hidden.timeline.length, detail.timeline.length);
  }
});

test('in the list each machine is called by its code', () => {
  const { incident } = example;
  const { incidents } = hideNamesInList({ incidents: [incident], counts: {} as never });
  assert.deepEqual(incidents, [{ ...incident, deviceName: `Machine ${incident.code}` }]);
});
