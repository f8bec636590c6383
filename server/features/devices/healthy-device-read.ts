import type { Facts } from '../../../shared/facts/facts.ts';
import type { Sql } from '../../db/sql.ts';

/** A machine that is well, and what it came up with. */
export interface HealthyDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly facts: Facts;
}

/** Facts that are older tell of a Windows before its last updates, which come every month. */
const newestDays = 30;

/**
 * Healthy: accepted, came up and said so within 30 days, after a stop in order, and has had no incident since. One whose
 * incident is open or began after it told its facts may have failed by the very thing that they name.
 */
const isHealthy = `f.organization_id = $1 and f.received_at > $2::timestamptz - interval '${newestDays} days'
  and d.state = 'active'
  and not exists (
    select from live_incident l where l.organization_id = f.organization_id and l.device_id = f.device_id)
  and not exists (
    select from incident i where i.organization_id = f.organization_id and i.device_id = f.device_id
      and i.opened_at > f.received_at)`;

/** Reads what healthy machines came up with; changes nothing. */
export class HealthyDeviceRead {
  readonly #sql: Sql;
  readonly #clock: () => Date;

  constructor({ sql, clock }: { sql: Sql; clock: () => Date }) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async count(organizationId: string): Promise<number> {
    const [row] = await this.#sql.query<{ total: number }>(
      `select count(*)::integer as total from device_facts f join device d using (organization_id, device_id)
       where ${isHealthy}`,
      [organizationId, this.#clock()],
    );
    return row!.total;
  }

  /** The next ones in the order of their ids. */
  async listAfter(organizationId: string, after: string | null, most: number): Promise<HealthyDevice[]> {
    return await this.#sql.query<HealthyDevice>(
      `select f.device_id as "deviceId", d.name, f.facts
       from device_facts f join device d using (organization_id, device_id)
       where ${isHealthy} and ($3::text is null or f.device_id > $3) order by f.device_id limit $4`,
      [organizationId, this.#clock(), after, most],
    );
  }

  /** In batches, all of them or at most so many. */
  async *read(
    organizationId: string,
    { batch, most = Number.POSITIVE_INFINITY }: { batch: number; most?: number },
  ): AsyncIterable<readonly HealthyDevice[]> {
    let after: string | null = null;
    for (let left = most; left > 0;) {
      const devices: HealthyDevice[] = await this.listAfter(organizationId, after, Math.min(batch, left));
      if (devices.length > 0) yield devices;
      if (devices.length < batch) return;
      left -= devices.length;
      after = devices.at(-1)!.deviceId;
    }
  }
}
