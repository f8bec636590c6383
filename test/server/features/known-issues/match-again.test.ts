import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextIncidentState } from '../../../../server/features/intake/incident-machine.ts';
import { MatchAgain } from '../../../../server/features/known-issues/match-again.ts';
import type { Facts } from '../../../../shared/facts/facts.ts';
import { contosoIssue } from '../../../support/contoso-issue.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { approveCatalog, attemptIn, channelFacts, WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
const { database, features } = server;
const author = { organizationId: 'default', name: 'anna', actor: 'account:anna' };

async function publish(id: string, when: string): Promise<void> {
  const { version } = await features.issueAuthor.save(author, { source: contosoIssue(`  ${when}`, id) });
  await features.issueAuthor.publish(author, id, version);
}
const again = (limits?: { batch: number; mostBatches: number }) =>
  new MatchAgain({
    sql: database,
    issues: features.knownIssues,
    organizationId: 'default',
    log: silentLog,
    nextState: nextIncidentState,
    incidentChanged: () => {},
    ...(limits && { limits }),
  });

async function machineWith(facts: Facts): Promise<{ device: WireDevice; facts: Facts }> {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts });
  return { device, facts };
}

test('a machine that waits gets its order at its next call after an issue is published', async () => {
  await approveCatalog(server);
  const id = 'crowdstrike-2024-07-19';
  const shipped = await features.issueBook.get('default', id);
  await features.issueAuthor.withdraw(author, id);
  const { device } = await machineWith(channelFacts);
  const waiting = await device.checkIn({ facts: channelFacts });
  assert.notEqual(waiting.decision.kind, 'remediate');
  const { version } = await features.issueAuthor.save(author, {
    source: `${shipped.source}# ours\n`,
    script: shipped.script,
  });
  await features.issueAuthor.publish(author, id, version);
  await again().run(new Date());
  const [kept] = await database.query('select state, known_issue_id from incident where device_id = $1', [
    device.deviceId,
  ]);
  assert.deepEqual(kept, { state: 'matched', known_issue_id: id });
  assert.ok(attemptIn(await device.checkIn({ facts: channelFacts })));
});

test('values are never compared as texts: tried, matched again and matched live come to what numbers say', async () => {
  // What LVFS compared as texts in one of its two ways: 10 stands before 9, and 0x10 before 0x9.
  const rules: Readonly<
    Record<
      string,
      { readonly when: string; readonly fact: string; readonly values: Readonly<Record<string, boolean>> }
    >
  > = {
    'order-of-versions': {
      when: `all: [{ fact: driver.contoso.version, from: '9.10', until: '10.2' }]`,
      fact: 'driver.contoso.version',
      values: {
        '9.9': false,
        '9.9.99.99': false,
        '9.10': true,
        '9.10.0.0': true,
        '9.010': true,
        '10.0': true,
        '10.1.99': true,
        '10.2': false,
        '10.10': false,
        '100.0': false,
        '2.0': false,
      },
    },
    'order-of-hex-numbers': {
      when: `all: [{ fact: crash.parameter.1, from: '0x9', until: '0x100' }]`,
      fact: 'crash.parameter.1',
      values: {
        '0x8': false,
        '0x9': true,
        '0x0009': true,
        '0x10': true,
        '0xff': true,
        '0x100': false,
        '0xffffffffffffffff': false,
      },
    },
    'order-of-instants': {
      when: 'all: [{ fact: crash.capturedAt, from: 2026-01-31T23:59:59Z, until: 2026-02-01T00:00:00Z }]',
      fact: 'crash.capturedAt',
      values: {
        '2026-01-31T23:59:58.999Z': false,
        '2026-01-31T23:59:59Z': true,
        '2026-01-31T23:59:59.000Z': true,
        '2026-01-31T23:59:59.9Z': true,
        '2026-02-01T00:00:00.000Z': false,
      },
    },
  };
  const machines: { device: WireDevice; facts: Facts; id: string; value: string; isIn: boolean }[] = [];
  for (const [id, { fact, values }] of Object.entries(rules))
    for (const [value, isIn] of Object.entries(values))
      machines.push({
        ...(await machineWith({ [fact]: value, 'crash.module': 'order.sys' })),
        id,
        value,
        isIn,
      });
  const told = async () => {
    const rows = await database.query<{ device: string; issue: string }>(
      `select i.device_id as device, m.known_issue_id as issue from known_issue_match m
       join incident i using (organization_id, incident_id) where m.verdict = 'matched'`,
    );
    return machines
      .filter(({ device, id }) => rows.some(one => one.device === device.deviceId && one.issue === id))
      .map(({ id, value }) => `${id} ${value}`);
  };
  const expected = machines.filter(one => one.isIn).map(({ id, value }) => `${id} ${value}`);
  for (const [id, { when, values }] of Object.entries(rules)) {
    const { trial } = await features.issueAuthor.try('default', { source: contosoIssue(`  ${when}`, id) });
    assert.equal(trial!.matched, Object.values(values).filter(Boolean).length, id);
  }
  assert.deepEqual(await told(), []);
  for (const [id, { when }] of Object.entries(rules)) await publish(id, when);
  await again().run(new Date());
  assert.deepEqual(await told(), expected);
  await database.query('delete from known_issue_match');
  for (const { device, facts } of machines) await device.checkIn({ facts });
  assert.deepEqual(await told(), expected);
});

test('a run does so many and leaves the rest to the next; what is written meanwhile is not overwritten', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 25; n++)
    ids.push((await machineWith({ 'crash.module': 'many.sys', 'os.revision': n })).device.deviceId);
  // As a copy of the database made elsewhere may hold it: finer than a millisecond.
  await database.query(
    `update incident set changed_at = changed_at + interval '7 microseconds' where device_id = any($1)`,
    [ids],
  );
  await again().run(new Date());
  await publish('many-2026', 'all: [{ fact: crash.module, equals: many.sys }]');
  const outdated = async () => {
    const [row] = await database.query<{ left: number }>(
      `select count(*)::integer as left from incident where device_id = any($1) and known_issue_id is null`,
      [ids],
    );
    return row!.left;
  };
  // Incidents of other tests stand before these and take a part of each run.
  const limits = { batch: 4, mostBatches: 2 };
  const left = [await outdated()];
  for (let run = 0; run < 20 && left.at(-1)! > 0; run++) {
    await again(limits).run(new Date());
    left.push(await outdated());
  }
  assert.equal(left[0], 25);
  assert.equal(left.at(-1), 0);
  for (const [run, now] of left.entries())
    if (run > 0)
      assert.ok(left[run - 1]! - now <= 8, `run ${run} wrote more than its limits: ${left.join(', ')}`);

  // A report that comes between reading and writing goes before.
  const meanwhile = ids[0];
  const slow = new MatchAgain({
    sql: database,
    issues: {
      fingerprint: () => Promise.resolve('another'),
      match: async () => {
        await database.query(`update incident set changed_at = now() where device_id = $1`, [meanwhile]);
        return [];
      },
    },
    organizationId: 'default',
    log: silentLog,
    nextState: nextIncidentState,
    incidentChanged: () => {},
  });
  await slow.run(new Date());
  const [kept] = await database.query(`select known_issue_id from incident where device_id = $1`, [
    meanwhile,
  ]);
  assert.deepEqual(kept, { known_issue_id: 'many-2026' });
});
