import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentDetail, incidentRow } from '../../../shared/api/incident.ts';
import { FixtureClock } from './fixtures/clock.ts';
import { incidentRows, storedDetails } from './fixtures/incident-rows.ts';

const clock = new FixtureClock(Date.parse('2026-11-20T12:00:00.000Z'));

test('the fixtures are what the server may say', () => {
  for (const detail of storedDetails(clock))
    assert.deepEqual(incidentDetail.safeParse(detail).error?.issues, undefined);
  const rows = incidentRows(2000, clock);
  for (const row of rows) assert.ok(incidentRow.safeParse(row).success);
  assert.equal(rows.length, 2000);
  assert.equal(new Set(rows.map(({ incidentId }) => incidentId)).size, 2000);
  assert.equal(new Set(rows.map(({ code }) => code)).size, 2000);
});
