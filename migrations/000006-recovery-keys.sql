-- Up Migration

-- BitLocker recovery passwords that admins gave the server to keep, sealed with a key that is not in the database.
create table recovery_key (
  organization_id text not null,
  key_id text not null,
  device_id text not null,
  volume text not null,
  sealed bytea not null,
  imported_at timestamptz not null,
  imported_by text not null,
  released_at timestamptz,
  replaced_at timestamptz,
  primary key (organization_id, key_id),
  foreign key (organization_id, device_id) references device
);
create index recovery_key_by_device on recovery_key (organization_id, device_id, volume); -- serves: keys of a machine, replacement

-- Locked machines that ask for one. What they tell of themselves is not proven; a person compares the code.
create table key_request (
  organization_id text not null,
  request_id uuid not null,
  request_key bytea not null check (octet_length(request_key) = 32),
  box_key bytea not null check (octet_length(box_key) = 32),
  code text not null,
  key_id text not null,
  device_id text not null,
  told jsonb not null,
  state text not null check (state in ('waiting', 'released', 'refused', 'opened', 'not-opened')),
  wrong_codes integer not null default 0,
  asked_at timestamptz not null,
  heard_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  reason text,
  box jsonb,
  primary key (organization_id, request_id),
  foreign key (organization_id, key_id) references recovery_key,
  unique (organization_id, request_key)
);
create index key_request_newest on key_request (organization_id, asked_at desc); -- serves: who asks now
create index key_request_by_key on key_request (organization_id, key_id, asked_at desc); -- serves: at most a few per key

-- The second factor of an account: codes of an authenticator (RFC 6238), its secret sealed as above.
create table account_second_factor (
  organization_id text not null,
  account_id uuid not null,
  sealed bytea not null,
  last_step bigint not null default 0,
  failures integer not null default 0,
  made_at timestamptz not null,
  primary key (organization_id, account_id),
  foreign key (organization_id, account_id) references account
);

-- Down Migration
-- Forward only.
