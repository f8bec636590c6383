import type { Role } from '../../../shared/api/session.ts';
import type { Sql } from '../../db/sql.ts';

export interface PersonRow {
  readonly accountId: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly lastSignedInAt: Date | null;
  readonly disabledAt: Date | null;
}

const columns = `account_id as "accountId", name, role, created_at as "createdAt",
  last_signed_in_at as "lastSignedInAt", disabled_at as "disabledAt"`;

export function listPeople(sql: Sql, organizationId: string): Promise<PersonRow[]> {
  return sql.query<PersonRow>(`select ${columns} from account where organization_id = $1 order by name`, [
    organizationId,
  ]);
}

/** One account, with all of them held, so that of two admins only one can go at a time. */
export async function holdPerson(
  sql: Sql,
  organizationId: string,
  accountId: string,
): Promise<{ person: PersonRow; otherAdmins: number } | undefined> {
  const all = await sql.query<PersonRow>(
    `select ${columns} from account where organization_id = $1 order by account_id for update`,
    [organizationId],
  );
  const person = all.find(one => one.accountId === accountId);
  if (!person) return undefined;
  const otherAdmins = all.filter(
    one => one !== person && one.role === 'admin' && one.disabledAt === null,
  ).length;
  return { person, otherAdmins };
}

export async function changePerson(
  sql: Sql,
  organizationId: string,
  accountId: string,
  { role, disabledAt }: { role: Role; disabledAt: Date | null },
): Promise<void> {
  await sql.query(
    'update account set role = $3, disabled_at = $4 where organization_id = $1 and account_id = $2',
    [organizationId, accountId, role, disabledAt],
  );
}

/** Takes the password away; a link gives another. */
export async function forgetPassword(sql: Sql, organizationId: string, accountId: string): Promise<void> {
  await sql.query('update account set password_hash = null where organization_id = $1 and account_id = $2', [
    organizationId,
    accountId,
  ]);
}

/** Ends every session of a browser that an account has. */
export async function endSessionsOf(sql: Sql, accountId: string): Promise<void> {
  await sql.query(`delete from browser_session where sess -> 'signedIn' ->> 'accountId' = $1`, [accountId]);
}
