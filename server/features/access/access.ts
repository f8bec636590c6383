import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { OpenLink, Role, SignIn } from '../../../shared/api/session.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import {
  findAccount,
  forgetExpiredAccess,
  hasAccounts,
  insertAccount,
  markSignedIn,
  renewPassword,
  replaceLinks,
  useLink,
} from './access-store.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

/** A person who may use the console. */
export interface Account {
  readonly organizationId: string;
  readonly accountId: string;
  readonly name: string;
  readonly role: Role;
}

const linkMinutes = 15;

/** Letters, digits and a few marks; what cannot be a name is never looked up. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@-]{0,59}$/u;
const nameOf = (text: string) => text.normalize('NFC').trim();

/** Who may use the console: accounts, and the one-time links by which they are made. */
export class Access {
  readonly #database: Sql & Transactions;
  readonly #audit: Audit;
  readonly #now: () => Date;
  readonly #organizationId: string;
  #nobody: Promise<string> | undefined;

  constructor(deps: {
    readonly database: Sql & Transactions;
    readonly audit: Audit;
    readonly organizationId: string;
    readonly now: () => Date;
  }) {
    this.#database = deps.database;
    this.#audit = deps.audit;
    this.#organizationId = deps.organizationId;
    this.#now = deps.now;
  }

  /** The secret of a link that makes the first admin, when there is no account yet; earlier ones stop working. */
  async welcome(): Promise<string | undefined> {
    if (await hasAccounts(this.#database, this.#organizationId)) return undefined;
    return this.makeLink('admin');
  }

  /** The secret of a link that makes one account with a role. Only its hash is kept. */
  async makeLink(role: Role): Promise<string> {
    return (await this.makeTimedLink(role)).secret;
  }

  /** The same with its end; for an account, a link that gives it a new password. */
  async makeTimedLink(role: Role, forAccountId?: string): Promise<{ secret: string; expiresAt: string }> {
    const secret = randomBytes(24).toString('base64url');
    const expiresAt = new Date(this.#now().getTime() + linkMinutes * 60_000);
    await this.#database.transaction(sql =>
      replaceLinks(sql, this.#organizationId, {
        secretSha256: sha256(secret),
        role,
        expiresAt,
        forAccountId,
      }),
    );
    return { secret, expiresAt: expiresAt.toISOString() };
  }

  /** Makes the account that a link is for, or renews its password. A link works once, and not at all when anything is refused. */
  async openLink({ secret, name: typed, password }: OpenLink): Promise<Account> {
    const name = nameOf(typed);
    if (!namePattern.test(name))
      throw new Refusal('malformed-message', 'A name has letters, digits, spaces and . _ @ - only.', {
        path: 'name',
      });
    const [organizationId, accountId] = [this.#organizationId, randomUUIDv7()];
    const passwordHash = await hashPassword(password);
    return this.#database.transaction(async sql => {
      const link = await useLink(sql, organizationId, {
        secretSha256: sha256(secret),
        now: this.#now(),
        accountId,
      });
      if (!link)
        throw new Refusal(
          'link-expired',
          `This link was used already or is older than ${linkMinutes} minutes; restart the server for a new one.`,
        );
      const { role, forAccountId } = link;
      if (forAccountId !== null) {
        const renewed = await renewPassword(sql, organizationId, {
          accountId: forAccountId,
          name,
          passwordHash,
        });
        if (!renewed)
          throw new Refusal('wrong-name-or-password', 'This link is for the account of another name.', {
            path: 'name',
          });
        const account = { organizationId, accountId: forAccountId, name, role: renewed.role };
        await this.#record(sql, account, 'password-renewed');
        return account;
      }
      if (!(await insertAccount(sql, organizationId, { accountId, name, role, passwordHash })))
        throw new Refusal('name-taken', `There is an account named ${name} already.`, { path: 'name' });
      const account = { organizationId, accountId, name, role };
      await markSignedIn(sql, organizationId, accountId, this.#now());
      await this.#record(sql, account, 'account-made', { role });
      return account;
    });
  }

  /** The account with this name and password; unknown names take as long as wrong passwords. */
  async signIn({ name: typed, password }: SignIn): Promise<Account> {
    const name = nameOf(typed);
    const found = namePattern.test(name)
      ? await findAccount(this.#database, this.#organizationId, name)
      : undefined;
    const nobody = (this.#nobody ??= hashPassword(randomBytes(24).toString('base64')));
    const right = await verifyPassword(password, found?.password_hash ?? (await nobody));
    if (!found || !right)
      throw new Refusal('wrong-name-or-password', 'There is no account with this name and password.');
    const { account_id: accountId, role } = found;
    const account = { organizationId: this.#organizationId, accountId, name: found.name, role };
    await this.#database.transaction(async sql => {
      await markSignedIn(sql, this.#organizationId, accountId, this.#now());
      await this.#record(sql, account, 'signed-in');
    });
    return account;
  }

  async signedOut(account: Account): Promise<void> {
    await this.#database.transaction(sql => this.#record(sql, account, 'signed-out'));
  }

  /** Forgets links and browser sessions that ended. */
  forgetExpired(now: Date): Promise<void> {
    return forgetExpiredAccess(this.#database, now);
  }

  #record(sql: Sql, account: Account, action: string, detail: Record<string, string> = {}): Promise<void> {
    const { organizationId, name } = account;
    const actor = `account:${name}`;
    return this.#audit.append(sql, { organizationId, actor, action, subject: actor, detail });
  }
}

const sha256 = (secret: string) => createHash('sha256').update(secret).digest();
