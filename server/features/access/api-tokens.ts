import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { ApiToken, NewApiToken } from '../../../shared/api/api-token.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import type { SignedIn, TokenSignIn } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import {
  type ApiTokenRow,
  findApiToken,
  insertApiToken,
  listApiTokens,
  markApiTokenUsed,
  revokeApiToken,
} from './api-token-store.ts';

const prefix = 'bm-api-';
const dayMs = 24 * 60 * 60_000;
/** The last use is kept to the minute, so that reading does not become writing. */
const usedStepMs = 60_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tokens by which programs do what a person of a role may do. The secret is shown once; only its hash is kept. */
export class ApiTokens {
  readonly #database: Sql & Transactions;
  readonly #audit: Audit;
  readonly #organizationId: string;
  readonly #now: () => Date;

  constructor(parts: {
    database: Sql & Transactions;
    audit: Audit;
    organizationId: string;
    now: () => Date;
  }) {
    this.#database = parts.database;
    this.#audit = parts.audit;
    this.#organizationId = parts.organizationId;
    this.#now = parts.now;
  }

  async list(organizationId: string): Promise<ApiToken[]> {
    return (await listApiTokens(this.#database, organizationId)).map(viewOf);
  }

  /** Makes a token and gives its secret, this one time. */
  async create(
    { organizationId, actor }: SignedIn,
    { name: typed, role, days }: NewApiToken,
  ): Promise<{ token: ApiToken; secret: string }> {
    const secret = `${prefix}${randomBytes(32).toString('base64url')}`;
    const createdAt = this.#now();
    const made = {
      tokenId: randomUUIDv7(),
      name: typed.normalize('NFC').trim(),
      role,
      createdBy: actor,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + days * dayMs),
    };
    await this.#database.transaction(async sql => {
      await insertApiToken(sql, organizationId, { ...made, tokenSha256: sha256(secret) });
      await this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'api-token-made',
        subject: `token:${made.name}`,
        detail: { tokenId: made.tokenId, role, expiresAt: made.expiresAt.toISOString() },
      });
    });
    const token = {
      ...made,
      createdAt: createdAt.toISOString(),
      expiresAt: made.expiresAt.toISOString(),
    };
    return { token, secret };
  }

  /** Refuses a token from now on. */
  async revoke({ organizationId, actor }: SignedIn, tokenId: string): Promise<void> {
    await this.#database.transaction(async sql => {
      const name = uuid.test(tokenId)
        ? await revokeApiToken(sql, organizationId, tokenId, this.#now())
        : undefined;
      if (name === undefined) throw new Refusal('not-found', 'There is no token with this id to revoke.');
      await this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'api-token-revoked',
        subject: `token:${name}`,
        detail: { tokenId },
      });
    });
  }

  /** Who a secret signs in, when it is good now. */
  readonly find = async (secret: string): Promise<TokenSignIn | undefined> => {
    if (!secret.startsWith(prefix)) return undefined;
    const [organizationId, now] = [this.#organizationId, this.#now()];
    const found = await findApiToken(this.#database, organizationId, sha256(secret), now);
    if (!found) return undefined;
    const { token_id: accountId, name, role, expires_at: expiresAt, last_used_at: lastUsedAt } = found;
    if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= usedStepMs)
      await markApiTokenUsed(this.#database, organizationId, accountId, now);
    // the same words wherever a person's name stands, so that no token passes for somebody
    const actor = `token:${name}`;
    return { signedIn: { organizationId, accountId, name: actor, role, actor }, expiresAt };
  };
}

const sha256 = (secret: string) => createHash('sha256').update(secret).digest();

const viewOf = (row: ApiTokenRow): ApiToken => ({
  tokenId: row.token_id,
  name: row.name,
  role: row.role,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at.toISOString() }),
  ...(row.revoked_at !== null && { revokedAt: row.revoked_at.toISOString() }),
});
