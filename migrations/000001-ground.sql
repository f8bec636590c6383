-- Up Migration

-- Organizations own everything: `organization_id` leads every key and every foreign key.
create table organization (
  organization_id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);
insert into organization (organization_id, name) values ('default', 'Default organization');

-- Devices and their keys. The private key never leaves the Windows volume of the device.
create table device (
  organization_id text not null references organization,
  device_id text not null,
  name text not null,
  model text,
  serial text,
  smbios_id text,
  state text not null check (state in ('active', 'pending', 'retired')),
  enrolled_at timestamptz not null default now(),
  last_seen_at timestamptz,
  primary key (organization_id, device_id)
);

create table device_key (
  organization_id text not null,
  device_id text not null,
  number integer not null,
  public_key bytea not null check (octet_length(public_key) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (organization_id, device_id, number),
  foreign key (organization_id, device_id) references device,
  unique (organization_id, public_key)
);

create table enrolment_token (
  organization_id text not null references organization,
  token_sha256 bytea not null,
  label text not null,
  kind text not null check (kind in ('device', 'image')),
  uses_left integer not null check (uses_left >= 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (organization_id, token_sha256)
);

-- Incidents. Everything below an incident is partitioned with it by incident_id; a device's own name for the story is
-- the episode, which stays unpartitioned so that a repeated check-in finds its incident.
create table incident (
  organization_id text not null,
  incident_id uuid not null,
  device_id text not null,
  code text not null,
  state text not null check (state in ('open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming',
    'healed', 'healed-by-hand', 'given-up')),
  signature text,
  facts jsonb not null default '{}',
  known_issue_id text,
  remediation_id text,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  primary key (organization_id, incident_id),
  foreign key (organization_id, device_id) references device
) partition by hash (incident_id);

create table episode (
  organization_id text not null,
  device_id text not null,
  episode text not null,
  incident_id uuid not null,
  primary key (organization_id, device_id, episode)
);

-- The row whose key makes two live incidents of one device impossible.
create table live_incident (
  organization_id text not null,
  device_id text not null,
  incident_id uuid not null,
  primary key (organization_id, device_id)
);

-- What the device said, in its order, with the answer it got: a repeat of a sequence gets the same answer.
create table report (
  organization_id text not null,
  incident_id uuid not null,
  sequence integer not null,
  kind text not null check (kind in ('check-in', 'outcome', 'booted')),
  received_at timestamptz not null,
  body_sha256 bytea not null,
  body jsonb not null,
  answer jsonb not null,
  primary key (organization_id, incident_id, sequence),
  foreign key (organization_id, incident_id) references incident
) partition by hash (incident_id);

create table evidence (
  organization_id text not null,
  incident_id uuid not null,
  evidence_id text not null,
  kind text not null,
  name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  state text not null check (state in ('offered', 'wanted', 'receiving', 'stored', 'parsed', 'unreadable', 'expired')),
  received_bytes bigint not null default 0,
  blob text,
  reading jsonb,
  changed_at timestamptz not null,
  primary key (organization_id, incident_id, evidence_id),
  foreign key (organization_id, incident_id) references incident
) partition by hash (incident_id);

-- Known issues and remediations: versions are immutable.
create table known_issue_version (
  organization_id text not null references organization,
  known_issue_id text not null,
  version integer not null,
  title text not null,
  source text not null,
  sha256 bytea not null,
  state text not null check (state in ('draft', 'published', 'withdrawn')),
  policy text not null check (policy in ('automatic', 'ask', 'never')),
  remediation_id text,
  origin text not null check (origin in ('shipped', 'own')),
  created_at timestamptz not null default now(),
  primary key (organization_id, known_issue_id, version)
);

create table known_issue_match (
  organization_id text not null,
  incident_id uuid not null,
  known_issue_id text not null,
  version integer not null,
  verdict text not null check (verdict in ('matched', 'near', 'unknown')),
  explanation jsonb not null,
  matched_at timestamptz not null,
  primary key (organization_id, incident_id, known_issue_id, version),
  foreign key (organization_id, incident_id) references incident
) partition by hash (incident_id);

create table remediation_version (
  organization_id text not null references organization,
  remediation_id text not null,
  version integer not null,
  text bytea not null,
  sha256 bytea not null,
  author text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, remediation_id, version),
  unique (organization_id, sha256)
);

-- The envelope approvers signed. Its payload never changes; signatures are added to it.
create table approval (
  organization_id text not null,
  remediation_sha256 bytea not null,
  sequence integer not null,
  envelope jsonb not null,
  expires_at timestamptz not null,
  approved_at timestamptz not null default now(),
  primary key (organization_id, remediation_sha256, sequence),
  foreign key (organization_id, remediation_sha256) references remediation_version (organization_id, sha256)
);

create table trust_document (
  organization_id text not null references organization,
  version integer not null,
  envelope jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, version)
);

create table recall_list (
  organization_id text not null references organization,
  version integer not null,
  envelope jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, version)
);

-- Attempts: one execution of one order on one device.
create table attempt (
  organization_id text not null,
  incident_id uuid not null,
  attempt_id uuid not null,
  device_id text not null,
  remediation_id text not null,
  remediation_version integer not null,
  script_sha256 bytea not null,
  state text not null check (state in ('issued', 'applied', 'healed', 'returned', 'silent', 'not-applicable',
    'nothing-to-do', 'refused', 'undone', 'stuck', 'recalled')),
  code text,
  steps jsonb not null default '[]',
  issued_at timestamptz not null,
  applied_at timestamptz,
  ended_at timestamptz,
  deadline_at timestamptz not null,
  primary key (organization_id, incident_id, attempt_id),
  foreign key (organization_id, incident_id) references incident
) partition by hash (incident_id);

-- The row whose key makes two live attempts on one device impossible; also what the silence job scans.
create table live_attempt (
  organization_id text not null,
  device_id text not null,
  incident_id uuid not null,
  attempt_id uuid not null,
  deadline_at timestamptz not null,
  primary key (organization_id, device_id)
);
create index live_attempt_deadline on live_attempt (deadline_at); -- serves: attempts whose deadline has passed

create table incident_00 partition of incident for values with (modulus 4, remainder 0);
create table incident_01 partition of incident for values with (modulus 4, remainder 1);
create table incident_02 partition of incident for values with (modulus 4, remainder 2);
create table incident_03 partition of incident for values with (modulus 4, remainder 3);
create table report_00 partition of report for values with (modulus 4, remainder 0);
create table report_01 partition of report for values with (modulus 4, remainder 1);
create table report_02 partition of report for values with (modulus 4, remainder 2);
create table report_03 partition of report for values with (modulus 4, remainder 3);
create table evidence_00 partition of evidence for values with (modulus 4, remainder 0);
create table evidence_01 partition of evidence for values with (modulus 4, remainder 1);
create table evidence_02 partition of evidence for values with (modulus 4, remainder 2);
create table evidence_03 partition of evidence for values with (modulus 4, remainder 3);
create table known_issue_match_00 partition of known_issue_match for values with (modulus 4, remainder 0);
create table known_issue_match_01 partition of known_issue_match for values with (modulus 4, remainder 1);
create table known_issue_match_02 partition of known_issue_match for values with (modulus 4, remainder 2);
create table known_issue_match_03 partition of known_issue_match for values with (modulus 4, remainder 3);
create table attempt_00 partition of attempt for values with (modulus 4, remainder 0);
create table attempt_01 partition of attempt for values with (modulus 4, remainder 1);
create table attempt_02 partition of attempt for values with (modulus 4, remainder 2);
create table attempt_03 partition of attempt for values with (modulus 4, remainder 3);

create index incident_newest on incident (organization_id, changed_at desc, incident_id); -- serves: live list of incidents
create index incident_by_device on incident (organization_id, device_id, opened_at desc); -- serves: history of a device
create index incident_by_signature on incident (organization_id, signature); -- serves: how often a crash was seen
create index evidence_age on evidence (changed_at) where state in ('stored', 'parsed', 'unreadable'); -- serves: retention

-- People who use the console.
create table account (
  organization_id text not null references organization,
  account_id uuid not null,
  name text not null,
  role text not null check (role in ('viewer', 'author', 'approver', 'operator', 'admin')),
  password_hash text,
  created_at timestamptz not null default now(),
  primary key (organization_id, account_id),
  unique (organization_id, name)
);

-- One-time sign-in links; only the hash of the secret is kept.
create table sign_in_link (
  organization_id text not null references organization,
  secret_sha256 bytea not null,
  account_id uuid,
  role text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (organization_id, secret_sha256)
);

-- Browser sessions, kept by connect-pg-simple; it names its own columns.
create table browser_session (
  sid varchar primary key,
  sess json not null,
  expire timestamp(6) not null
);
create index browser_session_expire on browser_session (expire); -- serves: pruning

-- Append-only log of what people and the server did; each entry carries the hash of the one before.
create table audit_entry (
  organization_id text not null references organization,
  number bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  previous_hash bytea not null,
  hash bytea not null,
  primary key (organization_id, number)
);

-- Background work: items are claimed with skip locked, timers by lease.
create table work_item (
  organization_id text not null references organization,
  work_id uuid not null,
  kind text not null,
  payload jsonb not null,
  run_after timestamptz not null default now(),
  claimed_until timestamptz,
  attempts_left integer not null default 5,
  last_error text,
  primary key (organization_id, work_id)
);
create index work_item_due on work_item (run_after); -- serves: claiming due work

create table lease (
  name text primary key,
  owner text not null,
  until timestamptz not null
);

-- Down Migration
-- Forward only.
