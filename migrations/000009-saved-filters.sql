-- Up Migration

-- Filters of the list of incidents that a person keeps for themselves.
create table saved_filter (
  organization_id text not null references organization,
  owner_id uuid not null,
  name text not null,
  state text,
  search text,
  saved_at timestamptz not null,
  primary key (organization_id, owner_id, name)
);

-- Down Migration
-- Forward only.
