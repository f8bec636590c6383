-- Who wrote a version, what a back-test of it came to, and which rules an open incident was last matched with.

alter table known_issue_version add column author text not null default 'shipped';

create table back_test (
  organization_id text not null,
  known_issue_id text not null,
  version integer not null,
  state text not null check (state in ('running', 'finished', 'failed')),
  done integer not null,
  total integer not null,
  result jsonb,
  started_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (organization_id, known_issue_id, version),
  foreign key (organization_id, known_issue_id, version) references known_issue_version
);

alter table incident add column matched_with text;

create index incident_to_match_again on incident (organization_id, incident_id) -- serves: matching again after a rule changed
  where state in ('open', 'unexplained', 'matched', 'awaiting-person');
