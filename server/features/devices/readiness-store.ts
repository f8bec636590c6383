import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import type { Sql } from '../../db/sql.ts';
import type { DeviceState } from './device-store.ts';

/** What is known of a machine and how ready it is. */
export interface DeviceOverview {
  readonly deviceId: string;
  readonly name: string;
  readonly model: string | null;
  readonly state: DeviceState;
  readonly enrolledAt: Date;
  readonly receivedAt: Date | null;
  readonly agentVersion: string | null;
  readonly score: number | null;
  readonly findings: readonly ReadinessFinding[] | null;
}

/** The newest readiness of each device. */
export class ReadinessStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Holds the device; undefined when it is unknown or its key was revoked. */
  async lockDevice(organizationId: string, deviceId: string, number: number) {
    const [found] = await this.#sql.query<{
      state: DeviceState;
      smbiosId: string | null;
      serial: string | null;
    }>(
      `select state, smbios_id as "smbiosId", serial from device
       join device_key using (organization_id, device_id)
       where organization_id = $1 and device_id = $2 and number = $3 and revoked_at is null
       for update of device`,
      [organizationId, deviceId, number],
    );
    return found;
  }

  async save(
    organizationId: string,
    deviceId: string,
    at: Date,
    told: { agentVersion: string; score: number; findings: readonly ReadinessFinding[] },
  ): Promise<void> {
    await this.#sql.query(
      `with seen as (
         update device set last_seen_at = $3 where organization_id = $1 and device_id = $2
       )
       insert into device_readiness (organization_id, device_id, received_at, agent_version, score, findings)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (organization_id, device_id) do update set received_at = excluded.received_at,
         agent_version = excluded.agent_version, score = excluded.score, findings = excluded.findings`,
      [organizationId, deviceId, at, told.agentVersion, told.score, JSON.stringify(told.findings)],
    );
  }

  /** The machines of an organization, the least ready first; those that never told stand at the top. */
  async list(organizationId: string, most: number): Promise<readonly DeviceOverview[]> {
    return await this.#sql.query<DeviceOverview>(
      `select device_id as "deviceId", name, model, state, enrolled_at as "enrolledAt",
         received_at as "receivedAt", agent_version as "agentVersion", score, findings
       from device left join device_readiness using (organization_id, device_id)
       where organization_id = $1 and state <> 'retired'
       order by score nulls first, name, device_id limit $2`,
      [organizationId, most],
    );
  }
}
