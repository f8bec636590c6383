-- Up Migration

-- The programs that the bundles of new machines allow. A machine keeps the list that its bundle brought; nothing that
-- a server sends changes it.
create table allowed_program (
  organization_id text not null references organization,
  program_id uuid not null,
  path text not null,
  sha256 bytea not null,
  added_by text not null,
  added_at timestamptz not null,
  primary key (organization_id, program_id)
);
create unique index allowed_program_once on allowed_program (organization_id, lower(path), sha256); -- serves: no program twice

-- Down Migration
-- Forward only.
