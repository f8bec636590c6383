-- Up Migration

-- How the last run of each timed job ended.
create table job_run (
  name text primary key,
  started_at timestamptz not null,
  duration_ms integer not null,
  error text
);

alter table account add column disabled_at timestamptz;
alter table account add column last_signed_in_at timestamptz;
-- A link that gives an account a new password instead of making one.
alter table sign_in_link add column for_account_id uuid;

-- Down Migration
-- Forward only.
