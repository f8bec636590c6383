import type { Undone } from '../../../shared/wire/undone.ts';
import type { Sql } from '../../db/sql.ts';

export interface StoredUndoOrder {
  readonly incidentId: string;
  readonly attemptId: string;
  readonly deviceId: string;
  readonly scriptSha256: Buffer;
  readonly state: 'asked' | 'undone' | 'refused' | 'stuck' | 'withdrawn';
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly reason: string;
  readonly endedAt: Date | null;
  readonly code: string | null;
  readonly told: string | null;
}

const columns = `incident_id as "incidentId", attempt_id as "attemptId", device_id as "deviceId",
  script_sha256 as "scriptSha256", state, asked_by as "askedBy", asked_at as "askedAt", reason, ended_at as "endedAt",
  code, told`;

/** Undo orders and the attempts they take back. */
export class UndoStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** An attempt with its state, its device held, as intake holds it. */
  async lockAttempt(organizationId: string, incidentId: string, attemptId: string) {
    const [found] = await this.#sql.query<{ deviceId: string; state: string; scriptSha256: Buffer }>(
      `select a.device_id as "deviceId", a.state, a.script_sha256 as "scriptSha256"
       from attempt a join device d using (organization_id, device_id)
       where a.organization_id = $1 and a.incident_id = $2 and a.attempt_id = $3 for update of d`,
      [organizationId, incidentId, attemptId],
    );
    return found;
  }

  /** Asks for an undo; asks again where an earlier one ended without it. */
  async ask(
    organizationId: string,
    order: Pick<StoredUndoOrder, 'incidentId' | 'attemptId' | 'deviceId' | 'scriptSha256'>,
    by: { readonly actor: string; readonly reason: string; readonly now: Date },
  ): Promise<void> {
    await this.#sql.query(
      `insert into undo_order (organization_id, incident_id, attempt_id, device_id, script_sha256, state, asked_by,
         asked_at, reason)
       values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)
       on conflict (organization_id, incident_id, attempt_id) do update set state = 'asked',
         asked_by = excluded.asked_by, asked_at = excluded.asked_at, reason = excluded.reason, ended_at = null,
         code = null, told = null`,
      [
        organizationId,
        order.incidentId,
        order.attemptId,
        order.deviceId,
        order.scriptSha256,
        by.actor,
        by.now,
        by.reason,
      ],
    );
  }

  /** What a device is to take back next, the newest attempt first, as they were made one over the other. */
  async findNext(organizationId: string, deviceId: string): Promise<StoredUndoOrder | undefined> {
    const [next] = await this.#sql.query<StoredUndoOrder>(
      `select ${columns} from undo_order
       where organization_id = $1 and device_id = $2 and state = 'asked' order by attempt_id desc limit 1`,
      [organizationId, deviceId],
    );
    return next;
  }

  /** Ends an order that is still asked for; gives its incident. */
  async end(
    organizationId: string,
    deviceId: string,
    attemptId: string,
    to: Pick<StoredUndoOrder, 'code' | 'told'> & {
      readonly state: Undone['state'] | 'withdrawn';
      readonly now: Date;
    },
  ): Promise<string | undefined> {
    const [ended] = await this.#sql.query<{ incidentId: string }>(
      `update undo_order set state = $4, code = $5, told = $6, ended_at = $7
       where organization_id = $1 and device_id = $2 and attempt_id = $3 and state = 'asked'
       returning incident_id as "incidentId"`,
      [organizationId, deviceId, attemptId, to.state, to.code, to.told, to.now],
    );
    return ended?.incidentId;
  }

  /** The attempt is undone, where its machine of states allows it. */
  async markUndone(
    organizationId: string,
    incidentId: string,
    attemptId: string,
    legal: readonly string[],
    now: Date,
  ): Promise<void> {
    await this.#sql.query(
      `with the_attempt as (
         update attempt set state = 'undone', ended_at = $5
         where organization_id = $1 and incident_id = $2 and attempt_id = $3 and state = any($4)
       )
       update incident set changed_at = $5 where organization_id = $1 and incident_id = $2`,
      [organizationId, incidentId, attemptId, legal, now],
    );
  }

  async list(organizationId: string, incidentId: string): Promise<readonly StoredUndoOrder[]> {
    return await this.#sql.query<StoredUndoOrder>(
      `select ${columns} from undo_order where organization_id = $1 and incident_id = $2 order by asked_at`,
      [organizationId, incidentId],
    );
  }

  async listOfDevice(
    organizationId: string,
    deviceId: string,
    most: number,
  ): Promise<readonly StoredUndoOrder[]> {
    return await this.#sql.query<StoredUndoOrder>(
      `select ${columns} from undo_order
       where organization_id = $1 and device_id = $2 order by asked_at desc, attempt_id desc limit $3`,
      [organizationId, deviceId, most],
    );
  }
}
