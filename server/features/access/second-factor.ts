import { randomBytes } from 'node:crypto';
import type { Role } from '../../../shared/api/session.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal, type RefusalCode } from '../../http/refusal.ts';
import type { SecretVault } from '../../secret-vault.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { base32Of, findStep } from './one-time-code.ts';
import { SecondFactorStore } from './second-factor-store.ts';

/** After so many wrong codes in a row an admin has to give the account a new second factor. */
const mostFailures = 10;
const secretBytes = 20;

/** What a check came to; a wrong code is counted in the transaction, so it is a value and never thrown there. */
export type SecondFactorCheck =
  | { readonly ok: true; readonly role: Role }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };

/** The second factor of accounts, for what a stolen session must not be enough for. */
export class SecondFactor {
  readonly #transactions: Transactions;
  readonly #vault: SecretVault;
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { transactions: Transactions; vault: SecretVault; audit: Audit; clock: () => Date }) {
    this.#transactions = parts.transactions;
    this.#vault = parts.vault;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /** Gives an account a new second factor and its secret, in base32, this one time; an earlier one stops working. */
  async renew(organizationId: string, name: string, actor: string): Promise<string> {
    const secret = randomBytes(secretBytes);
    await this.#transactions.transaction(async sql => {
      const store = new SecondFactorStore(sql);
      const account = await store.lock(organizationId, name);
      if (!account) throw new Refusal('not-found', `There is no account ${name}.`);
      const { accountId } = account;
      const sealed = this.#vault.seal(placeOf(organizationId, accountId), secret);
      await store.replace(organizationId, accountId, sealed, this.#clock());
      const action = 'second-factor-made';
      await this.#audit.append(sql, { organizationId, actor, action, subject: `account:${name}` });
    });
    return base32Of(secret);
  }

  /** Whether this code of this account is good now; each code is good once. Runs in the caller's transaction. */
  async check(sql: Sql, organizationId: string, name: string, code: string): Promise<SecondFactorCheck> {
    const store = new SecondFactorStore(sql);
    const account = await store.lock(organizationId, name);
    if (!account) return refused('not-found', `There is no account ${name}.`);
    const { accountId, role, sealed, lastStep, failures } = account;
    if (!sealed)
      return refused(
        'second-factor-missing',
        `The account ${name} has no second factor; an admin makes one on the server: bootmend user second-factor.`,
      );
    if ((failures ?? 0) >= mostFailures)
      return refused(
        'second-factor-locked',
        'Too many wrong codes; an admin has to make a new second factor.',
      );
    const secret = this.#vault.open(placeOf(organizationId, accountId), sealed);
    if (!secret) throw new Error(`The second factor of ${name} was not sealed with this server's vault key.`);
    const step = findStep(secret, code, this.#clock(), lastStep ?? 0);
    await store.noteUse(organizationId, accountId, step);
    return step === undefined
      ? refused('wrong-one-time-code', 'This code of your authenticator is wrong, too old or was used.')
      : { ok: true, role };
  }
}

const placeOf = (organizationId: string, accountId: string) => `second-factor/${organizationId}/${accountId}`;

const refused = (code: RefusalCode, message: string): SecondFactorCheck => ({ ok: false, code, message });
