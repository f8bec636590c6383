import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Sql } from '../../db/sql.ts';

/** Approvals of scripts: signed envelopes whose payload never changes and whose signatures grow. */
export class ApprovalStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The remediation and version that a script is stored as. */
  async findScript(organizationId: string, scriptSha256: string) {
    const [found] = await this.#sql.query<{ remediationId: string; version: number; text: Buffer }>(
      `select remediation_id as "remediationId", version, text from remediation_version
       where organization_id = $1 and sha256 = decode($2, 'hex')`,
      [organizationId, scriptSha256],
    );
    return found;
  }

  async findEnvelope(organizationId: string, scriptSha256: string, sequence: number) {
    const [found] = await this.#sql.query<{ envelope: Envelope }>(
      `select envelope from approval
       where organization_id = $1 and remediation_sha256 = decode($2, 'hex') and sequence = $3`,
      [organizationId, scriptSha256, sequence],
    );
    return found?.envelope;
  }

  /** The highest sequence of the organization, 0 for none. */
  async readNewestSequence(organizationId: string): Promise<number> {
    const [newest] = await this.#sql.query<{ sequence: number }>(
      `select coalesce(max(sequence), 0) as sequence from approval where organization_id = $1`,
      [organizationId],
    );
    return newest!.sequence;
  }

  async listEnvelopes(organizationId: string, scriptSha256: string): Promise<Envelope[]> {
    const rows = await this.#sql.query<{ envelope: Envelope }>(
      `select envelope from approval where organization_id = $1 and remediation_sha256 = decode($2, 'hex')
       order by sequence desc`,
      [organizationId, scriptSha256],
    );
    return rows.map(row => row.envelope);
  }

  async saveEnvelope(
    organizationId: string,
    approval: { scriptSha256: string; sequence: number; expiresAt: string; envelope: Envelope },
  ): Promise<void> {
    await this.#sql.query(
      `insert into approval (organization_id, remediation_sha256, sequence, envelope, expires_at)
       values ($1, decode($2, 'hex'), $3, $4, $5)
       on conflict (organization_id, remediation_sha256, sequence) do update set envelope = excluded.envelope`,
      [
        organizationId,
        approval.scriptSha256,
        approval.sequence,
        JSON.stringify(approval.envelope),
        approval.expiresAt,
      ],
    );
  }
}
