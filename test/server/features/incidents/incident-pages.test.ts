import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentDetail, incidentList } from '../../../../shared/api/incident.ts';
import type { Phase } from '../../../../shared/wire/story.ts';
import { withDatabase } from '../../../support/database.ts';
import {
  approveScript,
  attemptOf,
  enrolDevice,
  featuresOver,
  organizationId,
  publishTrust,
} from '../../../support/server-features.ts';

const { database } = await withDatabase();
const features = await featuresOver(database);
const { trust } = await publishTrust(features);
await approveScript(features);
const list = (query: object = {}) => features.incidents.list(organizationId, query);
const moment = (phase: Phase, atMs: number, note?: string) => ({
  phase,
  atMs,
  ...(note !== undefined && { note }),
});

const facts = {
  'crash.code': '0x50',
  'crash.module': 'csagent.sys',
  'crash.offset': '0xe14ed',
  'crash.signature': '0x50|-|read|csagent|0xe14ed',
};

test('the page of a healed machine: verdict, cause, remedy, proof, and the story in order', async () => {
  const device = await enrolDevice(features);
  const calledAt = features.now.getTime();
  const beginning = [
    moment('failed-boot', 0),
    moment('winre', 2000),
    moment('check-in', 9000, '3 kB of facts'),
  ];
  const message = device.message({ facts, story: beginning });
  const attemptId = attemptOf(await device.say(message), device, message, trust);
  features.passMinutes(0.1);
  const change = {
    kind: 'delete',
    path: String.raw`C:\Windows\System32\drivers\CrowdStrike\C-00000291-00000000-00000032.sys`,
    sizeBytes: 41_004,
    writtenAt: '2024-07-19T04:09:33.000Z',
  };
  await device.outcome(attemptId, 'applied', {
    steps: [{ line: 1, state: 'done', changes: [change] }],
    story: [...beginning, moment('apply', 14_000), moment('report', 15_000)],
  });
  features.passMinutes(1);
  await device.booted(attemptId);

  const detail = incidentDetail.parse(await device.incident());
  assert.match(
    detail.verdict,
    /^LAPTOP-\d+ is healed: Windows started again 66 s after the machine called for help\.$/,
  );
  assert.match(detail.explanation!, /^.*\(0x50 PAGE_FAULT_IN_NONPAGED_AREA in csagent\.sys\+0xe14ed\)\.$/);
  assert.equal(
    detail.remedy,
    'Deleted 1 file, C-00000291-00000000-00000032.sys, by a script that 1 of 1 approvers signed.',
  );
  assert.equal(
    detail.proof,
    'Windows started and reported in with the device’s own key, 60 s after the repair.',
  );
  assert.deepEqual(
    detail.timeline.map(({ at, kind, title }) => [(Date.parse(at) - calledAt) / 1000, kind, title]),
    [
      [-9, 'device', 'Windows failed to start'],
      [-7, 'device', 'The recovery environment started'],
      [0, 'device', 'Called for help'],
      [0, 'server', 'Known issue fits: CrowdStrike channel file 291 of 19 July 2024'],
      [0, 'server', 'Order issued'],
      [5, 'device', 'Repair carried out'],
      [6, 'device', 'Outcome reported'],
      [6, 'server', 'Repair reported as carried out'],
      [66, 'server', 'Windows started and reported in'],
    ],
  );
  assert.deepEqual(detail.attempts[0]!.sentences.at(-1), { line: 2, sentence: 'Restarts the machine.' });
});

test('a machine that came back tells its second run after the first', async () => {
  const device = await enrolDevice(features);
  const message = device.message({ story: [moment('winre', 0), moment('check-in', 900)] });
  const attemptId = attemptOf(await device.say(message), device, message, trust);
  await device.outcome(attemptId, 'applied', {
    story: [moment('winre', 0), moment('check-in', 900), moment('report', 1500)],
  });
  features.passMinutes(2);
  await device.checkIn({ story: [moment('winre', 0), moment('check-in', 800)] });
  const { timeline } = await device.incident();
  const phases = timeline.flatMap(entry => entry.phase ?? []);
  assert.deepEqual(phases, ['winre', 'check-in', 'report', 'winre', 'check-in']);
});

test('the list: newest change first, pages without a gap, filter, search, counts of everything', async () => {
  features.passMinutes(1);
  const names: string[] = [];
  for (let n = 0; n < 7; n++) {
    features.passMinutes(n % 2);
    const device = await enrolDevice(features);
    await device.checkIn({ facts: n % 2 === 0 ? facts : {} });
    names.push((await device.incident()).incident.incidentId);
  }
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = incidentList.parse(await list({ limit: '3', ...(before !== undefined && { before }) }));
    seen.push(...page.incidents.map(row => row.incidentId));
    before = page.next;
  } while (before !== undefined);
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(new Set(seen.slice(0, 7)), new Set(names));

  const treating = await list({ state: 'treating,confirming', limit: '200' });
  assert.ok(treating.incidents.length > 0);
  assert.ok(treating.incidents.every(row => row.state === 'treating' || row.state === 'confirming'));
  const counted = Object.values(treating.counts).reduce((sum, count) => sum + count, 0);
  assert.equal(counted, seen.length);

  const [row] = treating.incidents;
  for (const search of [row!.code, row!.code.toLowerCase(), row!.deviceName, 'csagent', row!.deviceId])
    assert.ok(
      (await list({ search })).incidents.some(one => one.incidentId === row!.incidentId),
      search,
    );
  for (const search of ['%', '_', '\\', 'nobody', "'; drop table incident"])
    assert.deepEqual((await list({ search })).incidents, [], search);
});

test('addresses that were made up are refused with their place', async () => {
  for (const [query, path] of [
    [{ state: 'broken' }, 'state'],
    [{ before: 'x' }, 'before'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '9999' }, 'limit'],
  ] as const)
    await assert.rejects(list(query), { code: 'malformed-message', path });
  for (const incidentId of ['nothing', '01900000-0000-7000-8000-000000000000'])
    await assert.rejects(features.incidents.get(organizationId, incidentId), { code: 'not-found' });
});

test('another organization sees nothing', async () => {
  await database.query(`insert into organization (organization_id, name) values ('other', 'Other')`);
  const device = await enrolDevice(features);
  await device.checkIn();
  const { incident } = await device.incident();
  assert.deepEqual((await features.incidents.list('other', {})).incidents, []);
  await assert.rejects(features.incidents.get('other', incident.incidentId), { code: 'not-found' });
});
