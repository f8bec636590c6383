import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Sql } from '../../db/sql.ts';

/** A version as it is stored, with its newest approval. */
export interface StoredVersion {
  readonly remediationId: string;
  readonly version: number;
  readonly text: Buffer;
  readonly sha256: Buffer;
  readonly author: string;
  readonly createdAt: Date;
  readonly sequence: number | null;
  readonly envelope: Envelope | null;
  readonly expiresAt: Date | null;
  readonly approvedAt: Date | null;
}

const columns = `v.remediation_id as "remediationId", v.version, v.text, v.sha256, v.author,
  v.created_at as "createdAt", a.sequence, a.envelope, a.expires_at as "expiresAt", a.approved_at as "approvedAt"`;
const newestApproval = `left join lateral (
    select sequence, envelope, expires_at, approved_at from approval
    where organization_id = v.organization_id and remediation_sha256 = v.sha256
    order by sequence desc limit 1
  ) a on true`;
const mostVersions = 100;
const mostRemediations = 2000;

/** Remediations as people see them. */
export class RemediationRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The versions that say where each remediation stands: its newest one and the newest that was ever signed. */
  async listTelling(organizationId: string): Promise<StoredVersion[]> {
    return await this.#sql.query<StoredVersion>(
      `select ${columns} from remediation_version v ${newestApproval}
       where v.organization_id = $1 and (
         v.version = (select max(version) from remediation_version
           where organization_id = $1 and remediation_id = v.remediation_id)
         or a.sequence is not null)
       order by v.remediation_id, v.version desc limit ${mostRemediations}`,
      [organizationId],
    );
  }

  /** All versions of one remediation, newest first. */
  async listVersions(organizationId: string, remediationId: string): Promise<StoredVersion[]> {
    return await this.#sql.query<StoredVersion>(
      `select ${columns} from remediation_version v ${newestApproval}
       where v.organization_id = $1 and v.remediation_id = $2
       order by v.version desc limit ${mostVersions}`,
      [organizationId, remediationId],
    );
  }
}
