-- Up Migration

-- What the console reads on a store of a million incidents.
create extension if not exists pg_trgm;

drop index incident_newest;
create index incident_newest on incident (organization_id, changed_at desc, incident_id desc); -- serves: list of incidents, live changes
create index incident_by_state on incident (organization_id, state, changed_at desc, incident_id desc); -- serves: the list of one state
drop index incident_by_signature;
create index incident_by_signature on incident (organization_id, signature, state, changed_at desc, incident_id desc); -- serves: how often a crash was seen, search by crash
create index incident_by_known_issue on incident (organization_id, known_issue_id, state, changed_at desc, incident_id desc); -- serves: machines of a known issue, search by cause
create index incident_by_code on incident (organization_id, code text_pattern_ops); -- serves: search by the code on the screen
create index incident_down on incident (organization_id, known_issue_id, signature, state) -- serves: what is down, by cause
  where state in ('open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming');
create index incident_opened on incident (organization_id, opened_at) include (known_issue_id, signature); -- serves: the curve and trends of a day
create index incident_closed on incident (organization_id, closed_at) include (state, known_issue_id, signature) -- serves: the curve of a day, counts of the ended
  where closed_at is not null;

create index device_by_name on device (organization_id, name, device_id); -- serves: list of devices
create index device_by_state on device (organization_id, state, name, device_id); -- serves: list of devices in one state, counts
create index device_name_parts on device using gin (name gin_trgm_ops); -- serves: search by a part of the name
create index device_readiness_score on device_readiness (organization_id, score); -- serves: the readiness chart

-- Ended incidents never change, so whole hours of them are counted once.
create table closed_tally (
  organization_id text not null references organization,
  hour timestamptz not null,
  state text not null check (state in ('healed', 'healed-by-hand', 'given-up')),
  incidents integer not null,
  primary key (organization_id, hour, state)
);

-- Up to which hour the ended ones are counted.
create table closed_tally_mark (
  organization_id text primary key references organization,
  until timestamptz not null
);

-- Down Migration
-- Forward only.
