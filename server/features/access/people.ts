import type { Person, PersonLink } from '../../../shared/api/person.ts';
import type { Role } from '../../../shared/api/session.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { SignedIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit, AuditDetail } from '../audit/audit-entry.ts';
import type { Access } from './access.ts';
import {
  type PersonRow,
  changePerson,
  endSessionsOf,
  forgetPassword,
  holdPerson,
  listPeople,
} from './people-store.ts';

interface Parts {
  readonly database: Sql & Transactions;
  readonly audit: Audit;
  readonly access: Access;
  readonly clock: () => Date;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who may use the console, as admins keep it: there is always one admin who can sign in. */
export class People {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(organizationId: string): Promise<Person[]> {
    return (await listPeople(this.#parts.database, organizationId)).map(viewOf);
  }

  /** A link by which a person makes an account of this role. */
  async invite(admin: SignedIn, role: Role): Promise<PersonLink> {
    const link = await this.#parts.access.makeTimedLink(role);
    await this.#parts.database.transaction(sql =>
      this.#note(sql, admin, 'link-made', 'account:new', { role }),
    );
    return link;
  }

  /** Takes the password away at once, and gives a link by which the person chooses another. */
  async reset(admin: SignedIn, accountId: string): Promise<PersonLink> {
    const { role } = await this.#change(admin, accountId, 'password-reset', async (sql, { person }) => {
      await forgetPassword(sql, admin.organizationId, accountId);
      return person;
    });
    return await this.#parts.access.makeTimedLink(role, accountId);
  }

  async changeRole(admin: SignedIn, accountId: string, role: Role): Promise<void> {
    await this.#change(
      admin,
      accountId,
      'role-changed',
      async (sql, { person, otherAdmins }) => {
        if (role !== 'admin') keepAnAdmin(person, otherAdmins);
        await changePerson(sql, admin.organizationId, accountId, { role, disabledAt: person.disabledAt });
        return person;
      },
      { role },
    );
  }

  async disable(admin: SignedIn, accountId: string): Promise<void> {
    await this.#change(admin, accountId, 'account-disabled', async (sql, { person, otherAdmins }) => {
      keepAnAdmin(person, otherAdmins);
      const disabledAt = this.#parts.clock();
      await changePerson(sql, admin.organizationId, accountId, { role: person.role, disabledAt });
      return person;
    });
  }

  async enable(admin: SignedIn, accountId: string): Promise<void> {
    await this.#change(admin, accountId, 'account-enabled', async (sql, { person }) => {
      await changePerson(sql, admin.organizationId, accountId, { role: person.role, disabledAt: null });
      return person;
    });
  }

  async #change(
    admin: SignedIn,
    accountId: string,
    action: string,
    work: (sql: Sql, held: { person: PersonRow; otherAdmins: number }) => Promise<PersonRow>,
    detail: AuditDetail = {},
  ): Promise<PersonRow> {
    return await this.#parts.database.transaction(async sql => {
      const held = uuid.test(accountId) ? await holdPerson(sql, admin.organizationId, accountId) : undefined;
      if (!held) throw new Refusal('not-found', 'There is no account with this id.');
      const person = await work(sql, held);
      await endSessionsOf(sql, accountId);
      await this.#note(sql, admin, action, `account:${person.name}`, detail);
      return person;
    });
  }

  #note(
    sql: Sql,
    { organizationId, actor }: SignedIn,
    action: string,
    subject: string,
    detail: AuditDetail,
  ): Promise<void> {
    return this.#parts.audit.append(sql, { organizationId, actor, action, subject, detail });
  }
}

function keepAnAdmin(person: PersonRow, otherAdmins: number): void {
  if (person.role === 'admin' && person.disabledAt === null && otherAdmins === 0)
    throw new Refusal('last-admin', 'This is the last admin who can sign in. Make another one first.');
}

const viewOf = (row: PersonRow): Person => ({
  accountId: row.accountId,
  name: row.name,
  role: row.role,
  createdAt: row.createdAt.toISOString(),
  ...(row.lastSignedInAt !== null && { lastSignedInAt: row.lastSignedInAt.toISOString() }),
  ...(row.disabledAt !== null && { disabledAt: row.disabledAt.toISOString() }),
});
