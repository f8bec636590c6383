import type { Sql } from '../../db/sql.ts';

export interface StoredScript {
  readonly remediationId: string;
  readonly version: number;
  readonly text: Buffer;
}

/** Remediation scripts: versions are immutable, and one text is stored once. */
export class RemediationStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findScript(organizationId: string, sha256: Uint8Array): Promise<StoredScript | undefined> {
    const [found] = await this.#sql.query<StoredScript>(
      `select remediation_id as "remediationId", version, text from remediation_version
       where organization_id = $1 and sha256 = $2`,
      [organizationId, sha256],
    );
    return found;
  }

  /** The newest version of a remediation. */
  async findNewest(organizationId: string, remediationId: string) {
    const [found] = await this.#sql.query<{ version: number; text: Buffer; sha256: Buffer }>(
      `select version, text, sha256 from remediation_version
       where organization_id = $1 and remediation_id = $2 order by version desc limit 1`,
      [organizationId, remediationId],
    );
    return found;
  }

  async readNewestVersion(organizationId: string, remediationId: string): Promise<number> {
    const [newest] = await this.#sql.query<{ version: number }>(
      `select coalesce(max(version), 0) as version from remediation_version
       where organization_id = $1 and remediation_id = $2`,
      [organizationId, remediationId],
    );
    return newest!.version;
  }

  /** False when somebody else took this version, or stored this text, in the meantime. */
  async insertVersion(
    organizationId: string,
    script: { remediationId: string; version: number; text: Uint8Array; sha256: Uint8Array; author: string },
  ): Promise<boolean> {
    const inserted = await this.#sql.query(
      `insert into remediation_version (organization_id, remediation_id, version, text, sha256, author)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning version`,
      [organizationId, script.remediationId, script.version, script.text, script.sha256, script.author],
    );
    return inserted.length > 0;
  }
}
