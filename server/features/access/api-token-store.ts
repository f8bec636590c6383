import type { Role } from '../../../shared/api/session.ts';
import type { Sql } from '../../db/sql.ts';

export interface ApiTokenRow {
  readonly token_id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

const columns = 'token_id, name, role, created_by, created_at, expires_at, last_used_at, revoked_at';

export async function insertApiToken(
  sql: Sql,
  organizationId: string,
  token: {
    tokenId: string;
    tokenSha256: Uint8Array;
    name: string;
    role: Role;
    createdBy: string;
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await sql.query(
    `insert into api_token
       (organization_id, token_id, token_sha256, name, role, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      organizationId,
      token.tokenId,
      token.tokenSha256,
      token.name,
      token.role,
      token.createdBy,
      token.createdAt,
      token.expiresAt,
    ],
  );
}

const mostListed = 500;

export function listApiTokens(sql: Sql, organizationId: string): Promise<ApiTokenRow[]> {
  return sql.query<ApiTokenRow>(
    `select ${columns} from api_token where organization_id = $1
     order by created_at desc, token_id desc limit ${mostListed}`,
    [organizationId],
  );
}

/** The token with this hash, when it is good now. */
export async function findApiToken(
  sql: Sql,
  organizationId: string,
  tokenSha256: Uint8Array,
  now: Date,
): Promise<ApiTokenRow | undefined> {
  const [found] = await sql.query<ApiTokenRow>(
    `select ${columns} from api_token
     where organization_id = $1 and token_sha256 = $2 and revoked_at is null and expires_at > $3`,
    [organizationId, tokenSha256, now],
  );
  return found;
}

export async function markApiTokenUsed(
  sql: Sql,
  organizationId: string,
  tokenId: string,
  now: Date,
): Promise<void> {
  await sql.query('update api_token set last_used_at = $3 where organization_id = $1 and token_id = $2', [
    organizationId,
    tokenId,
    now,
  ]);
}

/** The name of the token that was revoked; undefined when none with this id was good. */
export async function revokeApiToken(
  sql: Sql,
  organizationId: string,
  tokenId: string,
  now: Date,
): Promise<string | undefined> {
  const [revoked] = await sql.query<{ name: string }>(
    `update api_token set revoked_at = $3
     where organization_id = $1 and token_id = $2 and revoked_at is null
     returning name`,
    [organizationId, tokenId, now],
  );
  return revoked?.name;
}
