import type { Facts } from '../../../shared/facts/facts.ts';
import type { Sql } from '../../db/sql.ts';
import { storableJson } from '../../db/storable.ts';

/** The newest facts of each healthy machine. */
export class DeviceFactsStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async save(organizationId: string, deviceId: string, at: Date, facts: Facts): Promise<void> {
    await this.#sql.query(
      `insert into device_facts (organization_id, device_id, received_at, facts) values ($1, $2, $3, $4)
       on conflict (organization_id, device_id) do update set received_at = excluded.received_at,
         facts = excluded.facts`,
      [organizationId, deviceId, at, storableJson(facts)],
    );
  }

  async remove(organizationId: string, deviceId: string): Promise<void> {
    await this.#sql.query('delete from device_facts where organization_id = $1 and device_id = $2', [
      organizationId,
      deviceId,
    ]);
  }
}
