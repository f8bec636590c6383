import type { KeyRequest, KeyRequestAnswer } from '../../../shared/wire/key-request.ts';
import type { Sql } from '../../db/sql.ts';
import { storableJson } from '../../db/storable.ts';

export type KeyRequestState = 'waiting' | 'released' | 'refused' | 'opened' | 'not-opened';
export type Box = Extract<KeyRequestAnswer, { readonly state: 'released' }>['box'];

export interface StoredKeyRequest {
  readonly requestId: string;
  readonly requestKey: Buffer;
  readonly boxKey: Buffer;
  readonly code: string;
  readonly keyId: string;
  readonly deviceId: string;
  readonly state: KeyRequestState;
  readonly wrongCodes: number;
  readonly heardAt: Date;
  readonly reason: string | null;
  readonly box: Box | null;
}

/** A request as people see it. */
export interface ListedKeyRequest extends Omit<StoredKeyRequest, 'requestKey' | 'boxKey' | 'box' | 'code'> {
  readonly volume: string;
  readonly deviceName: string;
  readonly deviceState: string;
  readonly serial: string | null;
  readonly smbiosId: string | null;
  readonly told: KeyRequest['device'];
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

const listed = `key_request.request_id as "requestId", key_request.key_id as "keyId",
  key_request.device_id as "deviceId", key_request.state, wrong_codes as "wrongCodes", heard_at as "heardAt", reason,
  recovery_key.volume, device.name as "deviceName", device.state as "deviceState", device.serial,
  device.smbios_id as "smbiosId", told, asked_at as "askedAt", decided_at as "decidedAt", decided_by as "decidedBy"`;
const joined = `key_request
  join recovery_key on recovery_key.organization_id = key_request.organization_id
    and recovery_key.key_id = key_request.key_id
  join device on device.organization_id = key_request.organization_id
    and device.device_id = recovery_key.device_id`;

/** Locked machines that asked for a recovery password. */
export class KeyRequestStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The request of this key, held until the transaction ends. */
  async lockByKey(organizationId: string, requestKey: Uint8Array): Promise<StoredKeyRequest | undefined> {
    return await this.#lock('request_key', organizationId, requestKey);
  }

  async lockById(organizationId: string, requestId: string): Promise<StoredKeyRequest | undefined> {
    return await this.#lock('request_id', organizationId, requestId);
  }

  async #lock(by: 'request_key' | 'request_id', organizationId: string, value: unknown) {
    const [found] = await this.#sql.query<StoredKeyRequest>(
      `select request_id as "requestId", request_key as "requestKey", box_key as "boxKey", code, key_id as "keyId",
         device_id as "deviceId", state, wrong_codes as "wrongCodes", heard_at as "heardAt", reason, box
       from key_request where organization_id = $1 and ${by} = $2 for update`,
      [organizationId, value],
    );
    return found;
  }

  /** How many wait now: of all, and of one password. */
  async countWaiting(organizationId: string, keyId: string | undefined, since: Date) {
    const [count] = await this.#sql.query<{ all: number; ofKey: number }>(
      `select count(*)::integer as "all", (count(*) filter (where key_id = $2))::integer as "ofKey"
       from key_request where organization_id = $1 and state = 'waiting' and heard_at > $3`,
      [organizationId, keyId ?? null, since],
    );
    return count!;
  }

  /** The request that came last. */
  async findNewest(organizationId: string) {
    const [newest] = await this.#sql.query<Pick<ListedKeyRequest, 'requestId' | 'askedAt'>>(
      `select request_id as "requestId", asked_at as "askedAt" from key_request
       where organization_id = $1 order by asked_at desc limit 1`,
      [organizationId],
    );
    return newest;
  }

  async insert(
    organizationId: string,
    request: {
      readonly requestId: string;
      readonly requestKey: Uint8Array;
      readonly boxKey: Uint8Array;
      readonly code: string;
      readonly keyId: string;
      readonly deviceId: string;
      readonly told: KeyRequest['device'];
      readonly now: Date;
    },
  ): Promise<void> {
    const { requestId, requestKey, boxKey, code, keyId, deviceId, told, now } = request;
    await this.#sql.query(
      `insert into key_request (organization_id, request_id, request_key, box_key, code, key_id, device_id, told, state,
         asked_at, heard_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9)`,
      [organizationId, requestId, requestKey, boxKey, code, keyId, deviceId, storableJson(told), now],
    );
  }

  async hear(organizationId: string, requestId: string, now: Date): Promise<void> {
    await this.#sql.query(
      'update key_request set heard_at = $3 where organization_id = $1 and request_id = $2',
      [organizationId, requestId, now],
    );
  }

  async countWrongCode(organizationId: string, requestId: string): Promise<void> {
    await this.#sql.query(
      'update key_request set wrong_codes = wrong_codes + 1 where organization_id = $1 and request_id = $2',
      [organizationId, requestId],
    );
  }

  async decide(
    organizationId: string,
    requestId: string,
    decision: {
      readonly state: 'released' | 'refused';
      readonly by: string;
      readonly reason: string;
      readonly box?: Box;
      readonly now: Date;
    },
  ): Promise<void> {
    const { state, by, reason, box, now } = decision;
    await this.#sql.query(
      `update key_request set state = $3, decided_by = $4, reason = $5, box = $6, decided_at = $7
       where organization_id = $1 and request_id = $2`,
      [organizationId, requestId, state, by, reason, box === undefined ? null : JSON.stringify(box), now],
    );
  }

  /** The machine has used what it got; nothing of it stays here. */
  async end(organizationId: string, requestId: string, state: 'opened' | 'not-opened'): Promise<void> {
    await this.#sql.query(
      'update key_request set state = $3, box = null where organization_id = $1 and request_id = $2',
      [organizationId, requestId, state],
    );
  }

  async list(organizationId: string, most: number): Promise<readonly ListedKeyRequest[]> {
    return await this.#sql.query<ListedKeyRequest>(
      `select ${listed} from ${joined}
       where key_request.organization_id = $1 order by asked_at desc, request_id desc limit $2`,
      [organizationId, most],
    );
  }

  async find(organizationId: string, requestId: string): Promise<ListedKeyRequest | undefined> {
    const [found] = await this.#sql.query<ListedKeyRequest>(
      `select ${listed} from ${joined} where key_request.organization_id = $1 and request_id = $2`,
      [organizationId, requestId],
    );
    return found;
  }

  /** Forgets boxes that nobody came for, and requests that nobody decided. */
  async forget(boxesBefore: Date, requestsBefore: Date): Promise<void> {
    await this.#sql.query('update key_request set box = null where box is not null and decided_at < $1', [
      boxesBefore,
    ]);
    await this.#sql.query(`delete from key_request where state = 'waiting' and heard_at < $1`, [
      requestsBefore,
    ]);
  }
}
