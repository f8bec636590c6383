import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceBook } from '../../../../server/features/devices/device-book.ts';
import { ClosedTally } from '../../../../server/features/incidents/closed-tally.ts';
import { Incidents } from '../../../../server/features/incidents/incidents.ts';
import { Now } from '../../../../server/features/now/now.ts';
import { withDatabase } from '../../../support/database.ts';
import { storeIncidents } from '../../../support/stored-incidents.ts';

const { database } = await withDatabase();
const at = new Date('2026-03-01T08:07:00.000Z');
await storeIncidents(database, 6000, at);
const notAsked = () => Promise.reject(new Error('not asked for'));
const unasked = { issues: { explain: notAsked }, trustOf: notAsked };
const incidents = new Incidents({ sql: database, ...unasked });
const organization = 'default';

/** The truth by looking at every row. */
const scanned = async (where: string) =>
  (
    await database.query<{ id: string }>(
      `select incident_id as id from incident i join device d using (organization_id, device_id)
       where ${where} order by changed_at desc, incident_id desc`,
    )
  ).map(row => row.id);

async function listed(query: object): Promise<string[]> {
  const ids: string[] = [];
  let before: string | undefined;
  do {
    const page = await incidents.list(organization, {
      ...query,
      limit: '200',
      ...(before !== undefined && { before }),
    });
    ids.push(...page.incidents.map(row => row.incidentId));
    before = page.next;
  } while (before !== undefined);
  return ids;
}

test('counts are the same before and after ended hours were counted, and after more ended', async () => {
  const truth = async () =>
    Object.fromEntries(
      (
        await database.query<{ state: string; n: number }>(
          'select state, count(*)::integer as n from incident group by state',
        )
      ).map(({ state, n }) => [state, n]),
    );
  const told = async () =>
    Object.fromEntries(Object.entries(await incidents.counts(organization)).filter(([, n]) => n > 0));
  assert.deepEqual(await told(), await truth());
  const tally = new ClosedTally(database);
  await tally.count(at);
  assert.deepEqual(await told(), await truth());
  await tally.count(at);
  await database.query(
    `update incident set state = 'healed', changed_at = $1, closed_at = $1 where state = 'unexplained'`,
    [at],
  );
  assert.deepEqual(await told(), await truth());
  await tally.count(new Date(at.getTime() + 3 * 3_600_000));
  assert.deepEqual(await told(), await truth());
});

test('every way into the list gives what a scan gives, page after page', async () => {
  assert.deepEqual(await listed({}), await scanned('true'));
  assert.deepEqual(await listed({ state: 'healed' }), await scanned(`i.state = 'healed'`));
  assert.deepEqual(
    await listed({ state: 'open,given-up' }),
    await scanned(`i.state in ('open', 'given-up')`),
  );
  assert.deepEqual(await listed({ search: '0000042' }), await scanned(`d.name = 'LAPTOP-0000042'`));
  assert.deepEqual(await listed({ search: 'DRIVER11.sys' }), await scanned(`signature ilike '%driver11%'`));
  assert.deepEqual(
    await listed({ search: 'driver11', state: 'healed' }),
    await scanned(`signature ilike '%driver11%' and i.state = 'healed'`),
  );
  const [one] = await database.query<{ code: string }>('select code from incident order by code limit 1');
  assert.deepEqual(await listed({ search: one!.code.toLowerCase() }), await scanned(`code = '${one!.code}'`));
  assert.deepEqual(await listed({ search: '100%_\\' }), []);
});

test('no list and no count reads the incidents one by one', async () => {
  const statements: { text: string; values: readonly unknown[] }[] = [];
  const heard = {
    query: (text: string, values: readonly unknown[] = []) => {
      statements.push({ text, values });
      return database.query(text, values);
    },
  };
  const sql = heard as typeof database;
  const watched = new Incidents({ sql, ...unasked });
  for (const query of [{}, { state: 'healed' }, { search: '0000042' }, { search: 'driver11', state: 'open' }])
    await watched.list(organization, query);
  const book = new DeviceBook({ sql, healthy: { listTwins: async () => [] }, incidentsOf: async () => [] });
  await new Now({
    sql,
    counts: name => watched.counts(name),
    devices: name => book.count(name),
    keyRequests: async () => 0,
    haltedRelease: async () => undefined,
    clock: () => at,
  }).read(organization);
  assert.ok(statements.length >= 10);
  await database.transaction(async sql => {
    // the planner scans small tables when it may; here it shows whether it must
    await sql.query('set local enable_seqscan = off');
    for (const { text, values } of statements) {
      const plan = await sql.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      const lines = plan.map(row => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(lines, /Seq Scan on (incident|device)/, lines);
    }
  });
});

test('the first screen adds up: the curve ends with what is down, causes with what each state says', async () => {
  const counts = await incidents.counts(organization);
  const book = new DeviceBook({
    sql: database,
    healthy: { listTwins: async () => [] },
    incidentsOf: async () => [],
  });
  const now = await new Now({
    sql: database,
    counts: async () => counts,
    devices: name => book.count(name),
    keyRequests: async () => 0,
    haltedRelease: async () => undefined,
    clock: () => at,
  }).read(organization);
  const down = Object.entries(counts)
    .filter(([state]) => !['healed', 'healed-by-hand', 'given-up'].includes(state))
    .reduce((sum, [, n]) => sum + n, 0);
  assert.equal(now.curve.down.at(-1), down);
  assert.equal(now.curve.down.length, 96);
  assert.ok(now.curve.healed.reduce((sum, n) => sum + n, 0) > 0);
  assert.ok(now.causes.length > 0 && now.causes.length <= 12);
  for (const cause of now.causes) {
    assert.equal(cause.trend.length, 24);
    const [{ n }] = (await database.query<{ n: number }>(
      `select count(*)::integer as n from incident
       where state in ('open', 'unexplained', 'awaiting-person')
         and case when $1 = 'known-issue' then known_issue_id = $2
           when $1 = 'crash' then known_issue_id is null and signature = $2
           else known_issue_id is null and signature is null end`,
      [cause.kind, cause.id],
    )) as [{ n: number }];
    assert.equal(cause.down, n, cause.title);
  }
});
