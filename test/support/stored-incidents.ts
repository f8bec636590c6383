import type { Database } from '../../server/db/database.ts';

/**
 * Fills a store as a large fleet would over a year: most incidents ended, some thousand machines down now, two dozen
 * causes, a third of them known. Device names, codes and instants follow from the number, so that tests can name them.
 */
export async function storeIncidents(database: Database, incidents: number, now: Date): Promise<void> {
  const devices = Math.max(100, Math.floor(incidents / 4));
  const down = Math.max(20, Math.floor(incidents / 200));
  await database.query(
    `insert into device (organization_id, device_id, name, model, state, enrolled_at, last_seen_at)
     select 'default', 'device-' || n, 'LAPTOP-' || lpad(n::text, 7, '0'), 'Latitude ' || n % 40,
       case when n % 500 = 0 then 'pending' else 'active' end, $2::timestamptz - interval '400 days', $2
     from generate_series(1, $1) n`,
    [devices, now],
  );
  await database.query(
    `insert into device_readiness (organization_id, device_id, received_at, agent_version, score, findings)
     select 'default', 'device-' || n, $2, '0.1.0', 100 - (n * 7919) % 90, jsonb_build_array(
       jsonb_build_object('code', 'winre-on', 'state', 'good', 'weight', 20, 'found', 'WinRE is on.'),
       jsonb_build_object('code', 'failure-policy', 'state', 'bad', 'weight', 10,
         'found', 'bootstatuspolicy ignores all failures.'))
     from generate_series(1, $1) n where n % 10 <> 0`,
    [devices, now],
  );
  // in parts, so that no statement takes longer than statements may
  const part = 10_000;
  for (let from = 1; from <= incidents; from += part)
    await database.query(
      `insert into incident (organization_id, incident_id, device_id, code, state, signature, facts, known_issue_id,
         opened_at, changed_at, closed_at)
       select 'default', gen_random_uuid(), 'device-' || 1 + n % $3::integer,
         upper(substr(md5(n::text), 1, 4)) || '-' || upper(substr(md5(n::text), 5, 4)), state,
         case when n % 24 <> 23 then 'AV_driver' || n % 24 || '!unknown' end,
         jsonb_build_object('crash.code', '0x50', 'crash.module', 'driver' || n % 24 || '.sys'),
         case when n % 24 < 8 then 'issue-' || n % 24 end,
         at - interval '10 minutes', at, case when state in ('healed', 'healed-by-hand', 'given-up') then at end
       from (
         select n, $4::timestamptz - interval '1 second' * (n * 30) as at,
           case when n <= $5::integer
             then (array['open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming'])[1 + n % 6]
             else (array['healed', 'healed', 'healed', 'healed-by-hand', 'given-up'])[1 + n % 5] end as state
         from generate_series($1::integer, $2::integer) n
       ) made`,
      [from, Math.min(incidents, from + part - 1), devices, now, down],
    );
  await database.query(
    `insert into live_incident (organization_id, device_id, incident_id)
     select organization_id, device_id, incident_id from incident
     where state in ('open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming')
     on conflict do nothing`,
  );
  for (const table of ['device', 'device_readiness', 'live_incident', 'incident'])
    await database.query(`vacuum (analyze) ${table}`);
}
