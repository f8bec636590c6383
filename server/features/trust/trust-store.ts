import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Sql } from '../../db/sql.ts';

/** The newest versions of what an organization's devices believe; 0 for none. */
export interface TrustVersions {
  readonly trustVersion: number;
  readonly recallVersion: number;
}

export interface VersionedEnvelope {
  readonly version: number;
  readonly envelope: Envelope;
}

/** Trust documents and recall lists; their versions only rise. */
export class TrustStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async readVersions(organizationId: string): Promise<TrustVersions> {
    const [versions] = await this.#sql.query<TrustVersions>(
      `select
         coalesce((select max(version) from trust_document where organization_id = $1), 0) as "trustVersion",
         coalesce((select max(version) from recall_list where organization_id = $1), 0) as "recallVersion"`,
      [organizationId],
    );
    return versions!;
  }

  /** Holds the organization, so that documents with rising versions are judged one by one. */
  async lockOrganization(organizationId: string): Promise<boolean> {
    const locked = await this.#sql.query(
      `select organization_id from organization where organization_id = $1 for no key update`,
      [organizationId],
    );
    return locked.length === 1;
  }

  async listTrust(organizationId: string): Promise<VersionedEnvelope[]> {
    return await this.#sql.query<VersionedEnvelope>(
      `select version, envelope from trust_document where organization_id = $1 order by version`,
      [organizationId],
    );
  }

  async findNewestRecall(organizationId: string): Promise<VersionedEnvelope | undefined> {
    const [newest] = await this.#sql.query<VersionedEnvelope>(
      `select version, envelope from recall_list where organization_id = $1 order by version desc limit 1`,
      [organizationId],
    );
    return newest;
  }

  async insertTrust(organizationId: string, version: number, envelope: Envelope): Promise<void> {
    await this.#sql.query(
      `insert into trust_document (organization_id, version, envelope) values ($1, $2, $3)`,
      [organizationId, version, JSON.stringify(envelope)],
    );
  }

  async insertRecall(organizationId: string, version: number, envelope: Envelope): Promise<void> {
    await this.#sql.query(
      `insert into recall_list (organization_id, version, envelope) values ($1, $2, $3)`,
      [organizationId, version, JSON.stringify(envelope)],
    );
  }
}
