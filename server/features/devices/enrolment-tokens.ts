import { createHash, randomBytes } from 'node:crypto';
import type { Transactions } from '../../db/sql.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { DeviceStore, type TokenKind } from './device-store.ts';

export interface TokenRequest {
  readonly organizationId: string;
  /** Who asks, for the audit log: `account:<name>`, `server`. */
  readonly actor: string;
  readonly label: string;
  readonly kind: TokenKind;
  readonly uses: number;
  readonly expiresAt: Date;
}

/** Tokens that let new machines in. The secret is shown once; only its hash is kept. */
export class EnrolmentTokens {
  readonly #transactions: Transactions;
  readonly #audit: Audit;

  constructor({ transactions, audit }: { transactions: Transactions; audit: Audit }) {
    this.#transactions = transactions;
    this.#audit = audit;
  }

  /** Makes a token and gives its secret, this one time. */
  async create({ organizationId, actor, label, kind, uses, expiresAt }: TokenRequest): Promise<string> {
    const secret = `bm-enrol-${randomBytes(24).toString('base64url')}`;
    await this.#transactions.transaction(async sql => {
      const store = new DeviceStore(sql);
      await store.insertToken(organizationId, {
        tokenSha256: hashOfToken(secret),
        label,
        kind,
        uses,
        expiresAt,
      });
      await this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'enrolment-token-made',
        subject: `enrolment-token:${label}`,
        detail: { kind, uses, expiresAt: expiresAt.toISOString() },
      });
    });
    return secret;
  }
}

export const hashOfToken = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();
