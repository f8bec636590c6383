-- Up Migration

-- A machine that speaks with the key of another: its disk was copied, or its board was changed. What it told last stands
-- here until a person decides.
alter table device add column copy_seen_at timestamptz;
alter table device add column copy_told jsonb;

-- Down Migration
-- Forward only.
