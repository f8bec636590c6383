-- Up Migration

-- What each healthy machine came up with at its last start in order: the other side of a comparison with machines that
-- fail. A table of its own, so that nobody reads these beside the readiness.
create table device_facts (
  organization_id text not null,
  device_id text not null,
  received_at timestamptz not null,
  facts jsonb not null,
  primary key (organization_id, device_id),
  foreign key (organization_id, device_id) references device
);

-- What versions came to before says nothing of healthy machines; it is tried again when somebody asks.
delete from back_test;

-- Down Migration
-- Forward only.
