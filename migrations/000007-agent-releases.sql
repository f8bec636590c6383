-- Up Migration

-- Newer agents, signed by approvers; the bytes lie in the blob store. A device is offered the newest one.
create table agent_release (
  organization_id text not null references organization,
  number integer not null,
  version text not null,
  sha256 bytea not null,
  size_bytes integer not null,
  envelope jsonb not null,
  state text not null check (state in ('running', 'halted')),
  halted_because text,
  percent integer not null check (percent between 0 and 100),
  published_at timestamptz not null,
  published_by text not null,
  counted_from timestamptz not null,
  primary key (organization_id, number)
);

-- Which device was offered which release, and what became of it.
create table agent_update (
  organization_id text not null,
  number integer not null,
  device_id text not null,
  offered_at timestamptz not null,
  fetched_at timestamptz,
  ended_at timestamptz,
  state text not null check (state in ('offered', 'fetched', 'installed', 'failed')),
  code text,
  primary key (organization_id, number, device_id),
  foreign key (organization_id, number) references agent_release,
  foreign key (organization_id, device_id) references device
);

-- Down Migration
-- Forward only.
