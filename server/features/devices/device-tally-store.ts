import type { DeviceState } from '../../../shared/api/device.ts';
import type { Sql } from '../../db/sql.ts';

/** Counts of devices as triggers of their tables keep them, so that nobody has to look at every device. */
export class DeviceTallyStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async countByState(organizationId: string): Promise<Record<DeviceState, number>> {
    const counts = { active: 0, pending: 0, retired: 0 };
    const found = await this.#sql.query<{ state: DeviceState; devices: number }>(
      `select name as state, sum(devices)::integer as devices from device_tally
       where organization_id = $1 and counted = 'state' group by name`,
      [organizationId],
    );
    for (const { state, devices } of found) counts[state] = devices;
    return counts;
  }

  /** Devices in use that told a score, by tenth of it; the retired ones are few and taken off. */
  async countTenths(organizationId: string): Promise<number[]> {
    const found = await this.#sql.query<{ tenth: number; devices: number }>(
      `select tenth, sum(devices)::integer as devices from (
         select name::integer as tenth, devices from device_tally
         where organization_id = $1 and counted = 'readiness'
         union all
         select least(9, r.score / 10), -1
         from device d join device_readiness r using (organization_id, device_id)
         where d.organization_id = $1 and d.state = 'retired'
       ) counted group by tenth`,
      [organizationId],
    );
    return Array.from({ length: 10 }, (_, tenth) => found.find(one => one.tenth === tenth)?.devices ?? 0);
  }

  /** Makes one row of all changes of one count. What is added meanwhile is left for the next time. */
  async sum(): Promise<void> {
    await this.#sql.query(
      `with taken as (delete from device_tally returning organization_id, counted, name, devices)
       insert into device_tally (organization_id, counted, name, devices)
       select organization_id, counted, name, sum(devices) from taken group by 1, 2, 3 having sum(devices) <> 0`,
      [],
    );
  }
}
