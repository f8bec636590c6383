-- Up Migration

-- A machine that enrols again, after a new installation or a new key, links to what it was before.
alter table device add column replaces_device_id text;
create index device_by_machine on device (organization_id, smbios_id) where state <> 'retired'; -- serves: re-enrolment

-- How ready a healthy machine is to be healed: the newest answer of each device.
create table device_readiness (
  organization_id text not null,
  device_id text not null,
  received_at timestamptz not null,
  agent_version text not null,
  score integer not null check (score between 0 and 100),
  findings jsonb not null,
  primary key (organization_id, device_id),
  foreign key (organization_id, device_id) references device
);

-- Down Migration
-- Forward only.
