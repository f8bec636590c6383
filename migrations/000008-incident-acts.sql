-- Up Migration

-- What people decided about an incident: a second try, a repair they chose, or that they healed it by hand.
create table incident_act (
  organization_id text not null,
  incident_id uuid not null,
  number integer not null,
  kind text not null check (kind in ('retried', 'assigned', 'marked-healed')),
  actor text not null,
  at timestamptz not null,
  remediation_id text check ((kind = 'assigned') = (remediation_id is not null)),
  note text,
  primary key (organization_id, incident_id, number),
  foreign key (organization_id, incident_id) references incident
);

-- Down Migration
-- Forward only.
