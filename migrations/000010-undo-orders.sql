-- Up Migration

-- Past attempts that a person wants taken back. The healthy Windows of the machine does it and says how it ended.
create table undo_order (
  organization_id text not null,
  incident_id uuid not null,
  attempt_id uuid not null,
  device_id text not null,
  script_sha256 bytea not null,
  state text not null check (state in ('asked', 'undone', 'refused', 'stuck', 'withdrawn')),
  asked_by text not null,
  asked_at timestamptz not null,
  reason text not null,
  ended_at timestamptz,
  code text,
  told text,
  primary key (organization_id, incident_id, attempt_id),
  foreign key (organization_id, incident_id, attempt_id) references attempt
);
create index undo_order_asked on undo_order (organization_id, device_id) where state = 'asked'; -- serves: what a machine is to take back

-- Down Migration
-- Forward only.
