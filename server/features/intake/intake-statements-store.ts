/** Everything intake must know about an episode, in one round trip: $1 organization … $6 remediations that matched. */
export const readSituation = `
with known as materialized (
  select incident_id from episode where organization_id = $1 and device_id = $2 and episode = $3
),
attempt_view as not materialized (
  select a.incident_id, a.attempt_id, jsonb_build_object(
    'attemptId', a.attempt_id, 'incidentId', a.incident_id, 'remediationId', a.remediation_id,
    'remediationVersion', a.remediation_version, 'scriptSha256', encode(a.script_sha256, 'hex'), 'state', a.state
  ) as view, a.issued_at
  from attempt a where a.organization_id = $1
),
asked_again as materialized (
  select max(p.at) as at from incident_act p
  where p.organization_id = $1 and p.incident_id = (select incident_id from known) and p.kind in ('retried', 'assigned')
),
assigned as materialized (
  select p.remediation_id from incident_act p
  where p.organization_id = $1 and p.incident_id = (select incident_id from known) and p.kind = 'assigned'
    and not exists (select from attempt a
      where a.organization_id = $1 and a.incident_id = p.incident_id and a.issued_at >= p.at)
  order by p.number desc limit 1
),
newest_report as materialized (
  select r.sequence, r.answer, r.received_at from report r
  where r.organization_id = $1 and r.incident_id = (select incident_id from known)
  order by r.sequence desc limit 1
)
select
  (select jsonb_build_object('incidentId', i.incident_id, 'state', i.state, 'code', i.code, 'signature', i.signature,
     'knownIssueId', i.known_issue_id, 'remediationId', i.remediation_id,
     'assignedId', (select remediation_id from assigned),
     'isAskedAgain', coalesce((select a.at > r.received_at from asked_again a, newest_report r), false))
   from incident i
   where i.organization_id = $1 and i.incident_id = (select incident_id from known)) as incident,
  (select jsonb_build_object('incidentId', i.incident_id, 'state', i.state)
   from live_incident l join incident i using (organization_id, incident_id)
   where l.organization_id = $1 and l.device_id = $2) as "liveIncident",
  (select v.view from live_attempt l join attempt_view v using (incident_id, attempt_id)
   where l.organization_id = $1 and l.device_id = $2) as "liveAttempt",
  coalesce((select jsonb_agg(v.view order by v.issued_at) from attempt_view v
   where v.incident_id = (select incident_id from known)), '[]') as attempts,
  coalesce((select jsonb_object_agg(remediation_id, failed) from (
     select a.remediation_id, count(*) as failed
     from incident i join attempt a using (organization_id, incident_id)
     where i.organization_id = $1 and i.device_id = $2 and a.state not in ('issued', 'applied', 'healed', 'recalled')
       and (a.issued_at > $5 or i.incident_id = (select incident_id from known))
       and a.issued_at > coalesce((select at from asked_again), '-infinity')
     group by a.remediation_id) as failures), '{}') as "failedAttempts",
  (select jsonb_build_object('sequence', r.sequence, 'answer', r.answer) from newest_report r) as "newestReport",
  (select jsonb_build_object('bodySha256', encode(r.body_sha256, 'hex'), 'answer', r.answer) from report r
   where r.organization_id = $1 and r.incident_id = (select incident_id from known) and r.sequence = $4) as repeated,
  coalesce((select jsonb_object_agg(e.evidence_id, jsonb_build_object('state', e.state, 'sha256', encode(e.sha256, 'hex'),
     'receivedBytes', e.received_bytes))
   from evidence e
   where e.organization_id = $1 and e.incident_id = (select incident_id from known)), '{}') as evidence,
  coalesce((select jsonb_agg(jsonb_build_object('remediationId', s.remediation_id, 'version', s.version,
     'scriptSha256', encode(s.sha256, 'hex'), 'envelopes', coalesce(
       (select jsonb_agg(p.envelope order by p.sequence desc) from approval p
        where p.organization_id = $1 and p.remediation_sha256 = s.sha256), '[]')) order by s.version desc)
   from remediation_version s
   where s.organization_id = $1
     and s.remediation_id = any($6 || array(select remediation_id from assigned))), '[]') as scripts,
  coalesce((select max(version) from trust_document where organization_id = $1), 0) as "trustVersion",
  coalesce((select max(version) from recall_list where organization_id = $1), 0) as "recallVersion"`;

/**
 * Everything one message changes, in one statement: incident, episode, report with its answer, matches, evidence,
 * attempts. The caller holds the device, so nobody else writes about it meanwhile.
 */
export const writeReport = `
with the_incident as (
  insert into incident as i (organization_id, incident_id, device_id, code, state, signature, facts, known_issue_id,
    remediation_id, opened_at, changed_at, closed_at)
  values ($1, $5::uuid, $2, $6, $7, $9::text, coalesce($10::jsonb, '{}'), $11::text, $12::text, $4, $4,
    case when $8::boolean then $4::timestamptz end)
  on conflict (organization_id, incident_id) do update set
    state = excluded.state,
    signature = coalesce(excluded.signature, i.signature),
    facts = coalesce($10::jsonb, i.facts),
    known_issue_id = coalesce(excluded.known_issue_id, i.known_issue_id),
    remediation_id = coalesce(excluded.remediation_id, i.remediation_id),
    changed_at = excluded.changed_at,
    closed_at = coalesce(i.closed_at, excluded.closed_at)
),
the_superseded as (
  update incident set state = $14::text, changed_at = $4, closed_at = $4
  where organization_id = $1 and incident_id = $13::uuid
),
the_episode as (
  insert into episode as e (organization_id, device_id, episode, incident_id) values ($1, $2, $3, $5::uuid)
  on conflict (organization_id, device_id, episode) do update set incident_id = excluded.incident_id
  where e.incident_id <> excluded.incident_id
),
now_live as (
  insert into live_incident as l (organization_id, device_id, incident_id)
  select $1, $2, $5::uuid where not $8::boolean
  on conflict (organization_id, device_id) do update set incident_id = excluded.incident_id
  where l.incident_id <> excluded.incident_id
),
no_longer_live as (
  delete from live_incident
  where organization_id = $1 and device_id = $2 and incident_id = $5::uuid and $8::boolean
),
the_report as (
  insert into report (organization_id, incident_id, sequence, kind, received_at, body_sha256, body, answer)
  values ($1, $5::uuid, $16, $15, $4, $17, $18::jsonb, $19::jsonb)
),
the_matches as (
  insert into known_issue_match as m (organization_id, incident_id, known_issue_id, version, verdict, explanation,
    matched_at)
  select $1, $5::uuid, n."knownIssueId", n.version, n.verdict, n.explanation, $4
  from jsonb_to_recordset($20::jsonb) as n("knownIssueId" text, version integer, verdict text, explanation jsonb)
  on conflict (organization_id, incident_id, known_issue_id, version) do update set
    verdict = excluded.verdict, explanation = excluded.explanation,
    matched_at = case when m.verdict = excluded.verdict then m.matched_at else excluded.matched_at end
),
offered as (
  insert into evidence as e (organization_id, incident_id, evidence_id, kind, name, size_bytes, sha256, state, changed_at)
  select $1, $5::uuid, o."evidenceId", o.kind, o.name, o."sizeBytes", decode(o.sha256, 'hex'),
    case when o."evidenceId" = any($22::text[]) then 'wanted' else 'offered' end, $4
  from jsonb_to_recordset($21::jsonb) as o("evidenceId" text, kind text, name text, "sizeBytes" bigint, sha256 text)
  on conflict (organization_id, incident_id, evidence_id) do update set state = excluded.state
  where e.state = 'offered' and excluded.state = 'wanted'
),
now_wanted as (
  update evidence set state = 'wanted', changed_at = $4
  where organization_id = $1 and incident_id = $5::uuid and evidence_id = any($22::text[]) and state = 'offered'
    and not evidence_id in (select o."evidenceId" from jsonb_to_recordset($21::jsonb) as o("evidenceId" text))
),
changed_attempts as (
  update attempt a set
    state = c.state,
    code = coalesce(c.code, a.code),
    steps = coalesce(c.steps, a.steps),
    applied_at = case when c."isApplied" then coalesce(a.applied_at, $4) else a.applied_at end,
    ended_at = case when c."isEnded" then coalesce(a.ended_at, $4) end,
    deadline_at = case when c."attemptId" = $25::uuid then $26::timestamptz else a.deadline_at end
  from jsonb_to_recordset($23::jsonb) as c("attemptId" uuid, "incidentId" uuid, state text, code text, steps jsonb,
    "isApplied" boolean, "isEnded" boolean)
  where a.organization_id = $1 and a.incident_id = c."incidentId" and a.attempt_id = c."attemptId"
),
new_attempt as (
  insert into attempt (organization_id, incident_id, attempt_id, device_id, remediation_id, remediation_version,
    script_sha256, state, issued_at, deadline_at)
  select $1, $5::uuid, n."attemptId", $2, n."remediationId", n."remediationVersion", decode(n."scriptSha256", 'hex'),
    'issued', $4, $26::timestamptz
  from jsonb_to_recordset($24::jsonb) as n("attemptId" uuid, "remediationId" text, "remediationVersion" integer,
    "scriptSha256" text)
),
attempt_is_live as (
  insert into live_attempt as l (organization_id, device_id, incident_id, attempt_id, deadline_at)
  select $1, $2, $5::uuid, $25::uuid, $26::timestamptz where $25::uuid is not null
  on conflict (organization_id, device_id) do update set
    incident_id = excluded.incident_id, attempt_id = excluded.attempt_id, deadline_at = excluded.deadline_at
  where l.attempt_id in (excluded.attempt_id, $27::uuid)
  returning attempt_id
),
attempt_is_over as (
  delete from live_attempt
  where organization_id = $1 and device_id = $2 and attempt_id = $27::uuid and $25::uuid is null
)
select count(*)::integer as live from attempt_is_live`;
