import type { Database } from '../../server/db/database.ts';

/** Causes of a bad morning: how many machines called for help, and how many of them are in which state now. */
const causes = [
  {
    knownIssue: 'crowdstrike-2024-07-19',
    signature: 'AV_csagent!unknown_function',
    healed: 604,
    now: { treating: 251, confirming: 110, matched: 27, open: 12 },
  },
  { knownIssue: null, signature: 'AV_cntflt!unknown_function', healed: 0, now: { unexplained: 12 } },
  { knownIssue: 'microsoft-kb5021233-2022', signature: 'c000021a!hidparse', healed: 6, now: { treating: 1 } },
] as const;

/** The first call came so long ago; most came early, and healing caught up. */
const outageMinutes = 560;

/** Stores an outage in full course, on devices of its own; `clearOutage` takes it away. */
export async function storeOutage(database: Database, now: Date): Promise<void> {
  let device = 0;
  for (const { knownIssue, signature, healed, now: standing } of causes) {
    const groups = [['healed', healed] as const, ...Object.entries(standing)];
    for (const [state, machines] of groups) {
      const isOver = state === 'healed';
      await database.query(
        `with made as (
           insert into device (organization_id, device_id, name, model, state, enrolled_at, last_seen_at)
           select 'default', 'outage-' || n, 'LAPTOP-' || 4000 + n, 'Latitude 7440', 'active',
             $3::timestamptz - interval '200 days', $3
           from generate_series($1::integer + 1, $1::integer + $2::integer) n returning device_id
         ), placed as (
           select device_id, row_number() over () / $2::float as share from made
         ), stored as (
           insert into incident (organization_id, incident_id, device_id, code, state, signature, facts,
             known_issue_id, opened_at, changed_at, closed_at)
           select 'default', gen_random_uuid(), device_id, upper(substr(md5(device_id), 1, 4)) || '-' ||
               upper(substr(md5(device_id), 5, 4)), $4, $5, '{}', $6,
             opened, case when $7 then closed else $3 end, case when $7 then closed end
           from (
             select device_id, called as opened, least($3::timestamptz, called + interval '1 minute' * (4 + 110 * share)) as closed
             from (
               select device_id, share,
                 $3::timestamptz - interval '1 minute' * $8 * (1 - share * share * case when $7 then 0.8 else 0.98 end) as called
               from placed
             ) calls
           ) times returning organization_id, device_id, incident_id
         )
         insert into live_incident (organization_id, device_id, incident_id)
         select organization_id, device_id, incident_id from stored where not $7`,
        [device, machines, now, state, signature, knownIssue, isOver, outageMinutes],
      );
      device += machines;
    }
  }
  await database.query(
    `insert into device_readiness (organization_id, device_id, received_at, agent_version, score, findings)
     select organization_id, device_id, $1, '0.1.0', case when substr(device_id, 8)::integer % 11 = 0 then 60 else 95 end, '[]'
     from device where device_id like 'outage-%'`,
    [now],
  );
}

export async function clearOutage(database: Database): Promise<void> {
  for (const table of ['live_incident', 'incident', 'device_readiness', 'device'])
    await database.query(`delete from ${table} where device_id like 'outage-%'`);
}
