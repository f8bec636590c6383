import type { AgentReleaseDocument } from '../../../shared/trust/documents.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Sql } from '../../db/sql.ts';

export interface StoredRelease {
  readonly number: number;
  readonly version: string;
  readonly sha256: Buffer;
  readonly sizeBytes: number;
  readonly envelope: Envelope;
  readonly state: 'running' | 'halted';
  readonly haltedBecause: string | null;
  readonly percent: number;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly countedFrom: Date;
}

export interface ReleaseCounts {
  readonly offered: number;
  readonly fetched: number;
  readonly silent: number;
  readonly installed: number;
  readonly failed: number;
}

export type UpdateState = 'offered' | 'fetched' | 'installed' | 'failed';

const columns = `number, version, sha256, size_bytes as "sizeBytes", envelope, state, halted_because as "haltedBecause",
  percent, published_at as "publishedAt", published_by as "publishedBy", counted_from as "countedFrom"`;

/** Releases of the agent and which device has which. */
export class AgentReleaseStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findNewest(organizationId: string): Promise<StoredRelease | undefined> {
    const [newest] = await this.#sql.query<StoredRelease>(
      `select ${columns} from agent_release where organization_id = $1 order by number desc limit 1`,
      [organizationId],
    );
    return newest;
  }

  /** A release, held until the transaction ends. */
  async lock(organizationId: string, number: number): Promise<StoredRelease | undefined> {
    const [found] = await this.#sql.query<StoredRelease>(
      `select ${columns} from agent_release where organization_id = $1 and number = $2 for update`,
      [organizationId, number],
    );
    return found;
  }

  async list(organizationId: string): Promise<readonly StoredRelease[]> {
    return await this.#sql.query<StoredRelease>(
      `select ${columns} from agent_release where organization_id = $1 order by number desc limit 100`,
      [organizationId],
    );
  }

  /** Keeps a release; false when its number is taken. */
  async insert(
    organizationId: string,
    { number, version, sha256, sizeBytes }: AgentReleaseDocument,
    how: { readonly envelope: Envelope; readonly percent: number; readonly by: string; readonly now: Date },
  ): Promise<boolean> {
    const made = await this.#sql.query(
      `insert into agent_release (organization_id, number, version, sha256, size_bytes, envelope, state, percent,
         published_at, published_by, counted_from)
       values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $8)
       on conflict (organization_id, number) do nothing returning number`,
      [
        organizationId,
        number,
        version,
        Buffer.from(sha256, 'hex'),
        sizeBytes,
        JSON.stringify(how.envelope),
        how.percent,
        how.now,
        how.by,
      ],
    );
    return made.length === 1;
  }

  async steer(
    organizationId: string,
    number: number,
    to: {
      readonly state: 'running' | 'halted';
      readonly haltedBecause: string | null;
      readonly percent: number;
      readonly countedFrom: Date;
    },
  ): Promise<void> {
    await this.#sql.query(
      `update agent_release set state = $3, halted_because = $4, percent = $5, counted_from = $6
       where organization_id = $1 and number = $2`,
      [organizationId, number, to.state, to.haltedBecause, to.percent, to.countedFrom],
    );
  }

  /** What became of a release on the machines that were offered it since then. */
  async count(
    organizationId: string,
    number: number,
    { since, silentBefore }: { readonly since: Date; readonly silentBefore: Date },
  ): Promise<ReleaseCounts> {
    const [counts] = await this.#sql.query<ReleaseCounts>(
      `select count(*)::integer as offered,
         (count(*) filter (where state = 'fetched'))::integer as fetched,
         (count(*) filter (where state = 'fetched' and fetched_at < $4))::integer as silent,
         (count(*) filter (where state = 'installed'))::integer as installed,
         (count(*) filter (where state = 'failed'))::integer as failed
       from agent_update where organization_id = $1 and number = $2 and offered_at >= $3`,
      [organizationId, number, since, silentBefore],
    );
    return counts!;
  }

  async findUpdate(organizationId: string, number: number, deviceId: string) {
    const [found] = await this.#sql.query<{ state: UpdateState }>(
      'select state from agent_update where organization_id = $1 and number = $2 and device_id = $3',
      [organizationId, number, deviceId],
    );
    return found?.state;
  }

  async offer(organizationId: string, number: number, deviceId: string, now: Date): Promise<void> {
    await this.#sql.query(
      `insert into agent_update (organization_id, number, device_id, offered_at, state)
       values ($1, $2, $3, $4, 'offered') on conflict do nothing`,
      [organizationId, number, deviceId, now],
    );
  }

  async noteFetched(organizationId: string, number: number, deviceId: string, now: Date): Promise<void> {
    await this.#sql.query(
      `update agent_update set state = 'fetched', fetched_at = $4
       where organization_id = $1 and number = $2 and device_id = $3 and state = 'offered'`,
      [organizationId, number, deviceId, now],
    );
  }

  async end(
    organizationId: string,
    number: number,
    deviceId: string,
    to: { readonly state: 'installed' | 'failed'; readonly code: string | undefined; readonly now: Date },
  ): Promise<void> {
    await this.#sql.query(
      `update agent_update set state = $4, code = $5, ended_at = $6
       where organization_id = $1 and number = $2 and device_id = $3 and state in ('offered', 'fetched')`,
      [organizationId, number, deviceId, to.state, to.code ?? null, to.now],
    );
  }
}
