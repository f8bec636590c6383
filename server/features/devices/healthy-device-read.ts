import type { Facts } from '../../../shared/facts/facts.ts';
import type { Sql } from '../../db/sql.ts';

/** A machine that is well, and what it came up with. */
export interface HealthyDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly facts: Facts;
}

interface ToldDevice extends Omit<HealthyDevice, 'facts'> {
  readonly facts: Facts | null;
}

/** Facts that are older tell of a Windows before its last updates, which come every month. */
const newestDays = 30;

/**
 * Healthy: accepted, came up and said so within 30 days, after a stop in order, and has had no incident since. One whose
 * incident is open or began after it told its facts may have failed by the very thing that they name.
 */
const isHealthy = `d.state = 'active'
  and not exists (
    select from live_incident l where l.organization_id = d.organization_id and l.device_id = d.device_id)
  and not exists (
    select from incident i where i.organization_id = d.organization_id and i.device_id = d.device_id
      and i.opened_at > f.received_at)`;
const isNew = `received_at > $2::timestamptz - interval '${newestDays} days'`;

/** Reads what healthy machines came up with; changes nothing. */
export class HealthyDeviceRead {
  readonly #sql: Sql;
  readonly #clock: () => Date;

  constructor({ sql, clock }: { sql: Sql; clock: () => Date }) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** As many as there can be at most: machines that told, healthy ones and those that failed since. */
  async countAtMost(organizationId: string): Promise<number> {
    const [row] = await this.#sql.query<{ total: number }>(
      `select count(*)::integer as total from device_facts where organization_id = $1 and ${isNew}`,
      [organizationId, this.#clock()],
    );
    return row!.total;
  }

  /** In the order of their ids and in batches, from all machines that told or from the first so many of them. */
  async *read(
    organizationId: string,
    { batch, most = Number.POSITIVE_INFINITY }: { batch: number; most?: number },
  ): AsyncIterable<readonly HealthyDevice[]> {
    let after: string | null = null;
    for (let left = most; left > 0;) {
      const limit = Math.min(batch, left);
      const told: readonly ToldDevice[] = await this.#listAfter(organizationId, after, limit);
      const devices = told.flatMap(({ facts, ...device }) => (facts === null ? [] : [{ ...device, facts }]));
      if (devices.length > 0) yield devices;
      if (told.length < limit) return;
      left -= limit;
      after = told.at(-1)!.deviceId;
    }
  }

  /** The next machines that told; facts only of healthy ones. A batch costs the same, however large the fleet is. */
  async #listAfter(organizationId: string, after: string | null, most: number): Promise<ToldDevice[]> {
    return await this.#sql.query<ToldDevice>(
      `with f as materialized (
         select device_id, received_at, facts from device_facts
         where organization_id = $1 and ${isNew} and ($3::text is null or device_id > $3)
         order by device_id limit $4
       )
       select f.device_id as "deviceId", d.name, case when ${isHealthy} then f.facts end as facts
       from f join device d on d.organization_id = $1 and d.device_id = f.device_id order by f.device_id`,
      [organizationId, this.#clock(), after, most],
    );
  }

  /** Those of the model that the machine of an incident has, the newest facts first, from four times as many that told. */
  async listTwins(
    organizationId: string,
    incidentId: string,
    most: number,
  ): Promise<{ deviceId: string; name: string; receivedAt: Date }[]> {
    return await this.#sql.query(
      `with f as materialized (
         select device_id, received_at from device_facts join device d using (organization_id, device_id)
         where organization_id = $1 and ${isNew} and d.model = (
           select m.model from incident i join device m using (organization_id, device_id)
           where i.organization_id = $1 and i.incident_id = $3)
         order by received_at desc limit $4 * 4
       )
       select f.device_id as "deviceId", d.name, f.received_at as "receivedAt"
       from f join device d on d.organization_id = $1 and d.device_id = f.device_id
       where ${isHealthy} order by f.received_at desc, f.device_id limit $4`,
      [organizationId, this.#clock(), incidentId, most],
    );
  }
}
