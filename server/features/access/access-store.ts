import type { Role } from '../../../shared/api/session.ts';
import type { Sql } from '../../db/sql.ts';

export interface AccountRow {
  readonly account_id: string;
  readonly name: string;
  readonly role: Role;
  readonly password_hash: string | null;
}

export async function hasAccounts(sql: Sql, organizationId: string): Promise<boolean> {
  const found = await sql.query('select from account where organization_id = $1 limit 1', [organizationId]);
  return found.length > 0;
}

export async function findAccount(
  sql: Sql,
  organizationId: string,
  name: string,
): Promise<AccountRow | undefined> {
  const [account] = await sql.query<AccountRow>(
    'select account_id, name, role, password_hash from account where organization_id = $1 and name = $2',
    [organizationId, name],
  );
  return account;
}

/** Makes an account; false when its name is taken. */
export async function insertAccount(
  sql: Sql,
  organizationId: string,
  account: { accountId: string; name: string; role: Role; passwordHash: string },
): Promise<boolean> {
  const made = await sql.query(
    `insert into account (organization_id, account_id, name, role, password_hash)
     values ($1, $2, $3, $4, $5)
     on conflict (organization_id, name) do nothing
     returning account_id`,
    [organizationId, account.accountId, account.name, account.role, account.passwordHash],
  );
  return made.length > 0;
}

/** Keeps a link by the hash of its secret, and forgets those of the same kind that nobody opened. */
export async function replaceLinks(
  sql: Sql,
  organizationId: string,
  link: { secretSha256: Uint8Array; role: Role; expiresAt: Date },
): Promise<void> {
  await sql.query('delete from sign_in_link where organization_id = $1 and role = $2 and used_at is null', [
    organizationId,
    link.role,
  ]);
  await sql.query(
    'insert into sign_in_link (organization_id, secret_sha256, role, expires_at) values ($1, $2, $3, $4)',
    [organizationId, link.secretSha256, link.role, link.expiresAt],
  );
}

/** Uses a link up; gives its role, or undefined when it is unknown, expired or used. */
export async function useLink(
  sql: Sql,
  organizationId: string,
  link: { secretSha256: Uint8Array; now: Date; accountId: string },
): Promise<Role | undefined> {
  const [used] = await sql.query<{ role: Role }>(
    `update sign_in_link set used_at = $3, account_id = $4
     where organization_id = $1 and secret_sha256 = $2 and used_at is null and expires_at > $3
     returning role`,
    [organizationId, link.secretSha256, link.now, link.accountId],
  );
  return used?.role;
}

/** Forgets links and browser sessions that ended. */
export async function forgetExpiredAccess(sql: Sql, now: Date): Promise<void> {
  await sql.query('delete from sign_in_link where expires_at < $1', [now]);
  await sql.query('delete from browser_session where expire < $1::timestamptz', [now]);
}
