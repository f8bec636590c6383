-- Up Migration

-- Runs of the recovery environment in test mode: a healthy machine proved the path. Never an incident.
create table device_test (
  organization_id text not null,
  device_id text not null,
  episode text not null,
  agent_version text not null,
  story jsonb not null,
  started_at timestamptz not null,
  booted_at timestamptz,
  primary key (organization_id, device_id, episode),
  foreign key (organization_id, device_id) references device
);

-- Down Migration
-- Forward only.
