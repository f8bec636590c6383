import type { DeviceDetail } from '../../../shared/api/device.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import type { ReadinessFinding } from '../../../shared/wire/readiness.ts';
import type { Story } from '../../../shared/wire/story.ts';
import type { Sql } from '../../db/sql.ts';
import type { DeviceState } from './device-store.ts';

export interface ListedDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly model: string | null;
  readonly state: DeviceState;
  readonly enrolledAt: Date;
  readonly lastSeenAt: Date | null;
  readonly score: number | null;
  readonly isDown: boolean;
}

export interface ReadDevice extends ListedDevice {
  readonly serial: string | null;
  readonly smbiosId: string | null;
  readonly replacesDeviceId: string | null;
  readonly copySeenAt: Date | null;
  readonly copyTold: Omit<NonNullable<DeviceDetail['copy']>, 'seenAt'> | null;
  readonly receivedAt: Date | null;
  readonly agentVersion: string | null;
  readonly findings: readonly ReadinessFinding[] | null;
  readonly startedWith: Facts | null;
  readonly startedWithAt: Date | null;
}

const columns = `d.device_id as "deviceId", d.name, d.model, d.state, d.enrolled_at as "enrolledAt",
  d.last_seen_at as "lastSeenAt", r.score, exists (
    select from live_incident l where l.organization_id = d.organization_id and l.device_id = d.device_id
  ) as "isDown"`;

/** Reads machines for people; changes nothing. */
export class DeviceRead {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** One page by name. */
  async list(
    organizationId: string,
    filter: {
      state: DeviceState | undefined;
      search: string | undefined;
      after: { name: string; deviceId: string } | undefined;
      limit: number;
    },
  ): Promise<ListedDevice[]> {
    const { state, search, after, limit } = filter;
    const values: unknown[] = [organizationId, after?.name ?? '', after?.deviceId ?? '', limit];
    const where = ['d.organization_id = $1', '(d.name, d.device_id) > ($2, $3)'];
    if (state !== undefined) where.push(`d.state = $${values.push(state)}`);
    if (search !== undefined)
      where.push(`d.name ilike $${values.push(`%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`);
    return await this.#sql.query<ListedDevice>(
      `select ${columns} from device d left join device_readiness r using (organization_id, device_id)
       where ${where.join(' and ')} order by d.name, d.device_id limit $4`,
      values,
    );
  }

  async find(organizationId: string, deviceId: string): Promise<ReadDevice | undefined> {
    const [found] = await this.#sql.query<ReadDevice>(
      `select ${columns}, d.serial, d.smbios_id as "smbiosId", d.replaces_device_id as "replacesDeviceId",
         d.copy_seen_at as "copySeenAt", d.copy_told as "copyTold",
         r.received_at as "receivedAt", r.agent_version as "agentVersion", r.findings,
         f.facts as "startedWith", f.received_at as "startedWithAt"
       from device d left join device_readiness r using (organization_id, device_id)
         left join device_facts f using (organization_id, device_id)
       where d.organization_id = $1 and d.device_id = $2`,
      [organizationId, deviceId],
    );
    return found;
  }

  async listKeys(organizationId: string, deviceId: string) {
    return await this.#sql.query<{ number: number; createdAt: Date; revokedAt: Date | null }>(
      `select number, created_at as "createdAt", revoked_at as "revokedAt" from device_key
       where organization_id = $1 and device_id = $2 order by number`,
      [organizationId, deviceId],
    );
  }

  async listTests(organizationId: string, deviceId: string) {
    return await this.#sql.query<{
      startedAt: Date;
      bootedAt: Date | null;
      agentVersion: string;
      story: Story;
    }>(
      `select started_at as "startedAt", booted_at as "bootedAt", agent_version as "agentVersion", story
       from device_test where organization_id = $1 and device_id = $2 order by started_at desc`,
      [organizationId, deviceId],
    );
  }

  /** What is wrong on the least ready machines. */
  async listFindings(organizationId: string, mostMachines: number, most: number) {
    return await this.#sql.query<{
      code: string;
      machines: number;
      found: string;
      advice: string | null;
      command: string | null;
      lookedAt: number;
    }>(
      `with worst as materialized (
         select findings from device_readiness where organization_id = $1 and score < 100 order by score limit $2
       )
       select f ->> 'code' as code, count(*)::integer as machines, min(f ->> 'found') as found,
         min(f ->> 'advice') as advice, min(f ->> 'command') as command, (select count(*)::integer from worst) as "lookedAt"
       from worst cross join lateral jsonb_array_elements(worst.findings) f
       where f ->> 'state' <> 'good'
       group by 1 order by count(*) * max((f ->> 'weight')::integer) desc, 1 limit $3`,
      [organizationId, mostMachines, most],
    );
  }
}
