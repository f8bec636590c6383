import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSituation } from '../../../../server/features/intake/intake-statements-store.ts';
import { withDatabase } from '../../../support/database.ts';

const { database } = await withDatabase();
const incidents = 5000;

await database.query(`
  with made as (
    select n, 'device-' || n as device_id, gen_random_uuid() as incident_id, lpad(to_hex(n), 32, '0') as episode
    from generate_series(1, ${incidents}) as n
  ),
  devices as (
    insert into device (organization_id, device_id, name, state) select 'default', device_id, device_id, 'active' from made
  ),
  opened as (
    insert into incident (organization_id, incident_id, device_id, code, state, signature, opened_at, changed_at)
    select 'default', incident_id, device_id, 'code', 'treating', 'crash', now(), now() from made
  ),
  episodes as (
    insert into episode select 'default', device_id, episode, incident_id from made
  ),
  lives as (
    insert into live_incident select 'default', device_id, incident_id from made
  ),
  reports as (
    insert into report (organization_id, incident_id, sequence, kind, received_at, body_sha256, body, answer)
    select 'default', incident_id, sequence, 'check-in', now(), '', '{}', '{}' from made, generate_series(1, 3) as sequence
  ),
  evidences as (
    insert into evidence (organization_id, incident_id, evidence_id, kind, name, size_bytes, sha256, state, changed_at)
    select 'default', incident_id, episode, 'boot-log', 'x', 1, '', 'stored', now() from made
  ),
  acts as (
    insert into incident_act (organization_id, incident_id, number, kind, actor, at)
    select 'default', incident_id, 1, 'retried', 'account:anna', now() from made
  ),
  attempts as (
    insert into attempt (organization_id, incident_id, attempt_id, device_id, remediation_id, remediation_version,
      script_sha256, state, issued_at, deadline_at)
    select 'default', incident_id, incident_id, device_id, 'r', 1, '', 'issued', now(), now() from made
  )
  insert into live_attempt select 'default', device_id, incident_id, incident_id, now() from made`);
await database.query('analyze');

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

test('what a check-in reads is found by index, however many machines there are', async () => {
  const values = ['default', 'device-777', (777).toString(16).padStart(32, '0'), 2, new Date(0), ['r']];
  const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) ${readSituation}`,
    values,
  );
  const scanned = nodesOf(row!['QUERY PLAN'][0].Plan)
    .filter(node => node['Node Type'] === 'Seq Scan' && node['Actual Loops'] > 0)
    .map(node => node['Relation Name']);
  // Known issues, scripts and trust are few; machines, reports and attempts are not.
  assert.deepEqual(
    scanned.filter(name => !/^(remediation_version|approval|trust_document|recall_list)$/.test(name ?? '')),
    [],
  );
  const [situation] = await database.query<{ attempts: unknown[]; liveAttempt: object }>(
    readSituation,
    values,
  );
  assert.equal(situation!.attempts.length, 1);
});
