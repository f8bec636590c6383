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
    `select account_id, name, role, password_hash from account
     where organization_id = $1 and name = $2 and disabled_at is null`,
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
  link: { secretSha256: Uint8Array; role: Role; expiresAt: Date; forAccountId?: string | undefined },
): Promise<void> {
  await sql.query(
    `delete from sign_in_link
     where organization_id = $1 and role = $2 and used_at is null and for_account_id is not distinct from $3`,
    [organizationId, link.role, link.forAccountId],
  );
  await sql.query(
    `insert into sign_in_link (organization_id, secret_sha256, role, expires_at, for_account_id)
     values ($1, $2, $3, $4, $5)`,
    [organizationId, link.secretSha256, link.role, link.expiresAt, link.forAccountId],
  );
}

/** Uses a link up; gives its role and the account it is for, or undefined when it is unknown, expired or used. */
export async function useLink(
  sql: Sql,
  organizationId: string,
  link: { secretSha256: Uint8Array; now: Date; accountId: string },
): Promise<{ role: Role; forAccountId: string | null } | undefined> {
  const [used] = await sql.query<{ role: Role; forAccountId: string | null }>(
    `update sign_in_link set used_at = $3, account_id = $4
     where organization_id = $1 and secret_sha256 = $2 and used_at is null and expires_at > $3
     returning role, for_account_id as "forAccountId"`,
    [organizationId, link.secretSha256, link.now, link.accountId],
  );
  return used;
}

/** Gives an account a new password; its name and role, or undefined when the name is not its own. */
export async function renewPassword(
  sql: Sql,
  organizationId: string,
  { accountId, name, passwordHash }: { accountId: string; name: string; passwordHash: string },
): Promise<{ role: Role } | undefined> {
  const [renewed] = await sql.query<{ role: Role }>(
    `update account set password_hash = $4
     where organization_id = $1 and account_id = $2 and name = $3 and disabled_at is null returning role`,
    [organizationId, accountId, name, passwordHash],
  );
  return renewed;
}

export async function markSignedIn(
  sql: Sql,
  organizationId: string,
  accountId: string,
  now: Date,
): Promise<void> {
  await sql.query(
    'update account set last_signed_in_at = $3 where organization_id = $1 and account_id = $2',
    [organizationId, accountId, now],
  );
}

/** Forgets links and browser sessions that ended. */
export async function forgetExpiredAccess(sql: Sql, now: Date): Promise<void> {
  await sql.query('delete from sign_in_link where expires_at < $1', [now]);
  await sql.query('delete from browser_session where expire < $1::timestamptz', [now]);
}
