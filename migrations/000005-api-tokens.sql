-- Up Migration

-- Tokens by which programs use the API of the console; only the hash of the secret is kept.
create table api_token (
  organization_id text not null references organization,
  token_id uuid not null,
  token_sha256 bytea not null check (octet_length(token_sha256) = 32),
  name text not null,
  role text not null check (role in ('viewer', 'author', 'approver', 'operator', 'admin')),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, token_id),
  unique (organization_id, token_sha256)
);

-- Down Migration
-- Forward only.
