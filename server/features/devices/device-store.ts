import type { Sql } from '../../db/sql.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';

/** `device`: the machine is trusted at once. `image`: the token lies in an image, a person accepts each machine. */
export type TokenKind = 'device' | 'image';

export interface NewToken {
  readonly tokenSha256: Uint8Array;
  readonly label: string;
  readonly kind: TokenKind;
  readonly uses: number;
  readonly expiresAt: Date;
}

export interface StoredToken {
  readonly kind: TokenKind;
  readonly usesLeft: number;
  readonly expiresAt: Date;
}

export type DeviceState = 'active' | 'pending' | 'retired';

export interface EnrolledKey {
  readonly deviceId: string;
  readonly number: number;
  readonly state: DeviceState;
  readonly revoked: boolean;
}

export interface NewDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly model: string | undefined;
  readonly serial: string | undefined;
  readonly smbiosId: string | undefined;
  readonly state: DeviceState;
  readonly publicKey: Uint8Array;
  readonly enrolledAt: Date;
  /** The device that this machine was before. */
  readonly replacesDeviceId: string | undefined;
}

/** Devices, their keys and the tokens that let new ones in. */
export class DeviceStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findKey({ organizationId, deviceId, number }: DeviceKeyName): Promise<Uint8Array | undefined> {
    const [found] = await this.#sql.query<{ publicKey: Buffer }>(
      `select public_key as "publicKey" from device_key
       where organization_id = $1 and device_id = $2 and number = $3 and revoked_at is null`,
      [organizationId, deviceId, number],
    );
    return found?.publicKey;
  }

  async findByPublicKey(organizationId: string, publicKey: Uint8Array): Promise<EnrolledKey | undefined> {
    const [found] = await this.#sql.query<EnrolledKey>(
      `select device_id as "deviceId", number, state, revoked_at is not null as revoked
       from device_key join device using (organization_id, device_id)
       where organization_id = $1 and public_key = $2`,
      [organizationId, publicKey],
    );
    return found;
  }

  async insertDevice(organizationId: string, device: NewDevice): Promise<void> {
    await this.#sql.query(
      `with new_device as (
         insert into device (organization_id, device_id, name, model, serial, smbios_id, state, enrolled_at,
           replaces_device_id)
         values ($1, $2, $3, $4, $5, $6, $7, $9, $10)
       )
       insert into device_key (organization_id, device_id, number, public_key, created_at)
       values ($1, $2, 1, $8, $9)`,
      [
        organizationId,
        device.deviceId,
        device.name,
        device.model,
        device.serial,
        device.smbiosId,
        device.state,
        device.publicKey,
        device.enrolledAt,
        device.replacesDeviceId,
      ],
    );
  }

  /** The device that a machine is known as, by what its firmware says; undefined when there is none, or not one alone. */
  async findMachine(organizationId: string, smbiosId: string, serial: string): Promise<string | undefined> {
    const found = await this.#sql.query<{ deviceId: string }>(
      `select device_id as "deviceId" from device
       where organization_id = $1 and smbios_id = $2 and serial = $3 and state <> 'retired'
       order by enrolled_at desc limit 2`,
      [organizationId, smbiosId, serial],
    );
    return found.length === 1 ? found[0]!.deviceId : undefined;
  }

  async findReplaced(organizationId: string, deviceId: string): Promise<string | undefined> {
    const [found] = await this.#sql.query<{ replaced: string | null }>(
      `select replaces_device_id as replaced from device where organization_id = $1 and device_id = $2`,
      [organizationId, deviceId],
    );
    return found?.replaced ?? undefined;
  }

  async changeState(organizationId: string, deviceId: string, from: DeviceState[], to: DeviceState) {
    const changed = await this.#sql.query(
      `update device set state = $4
       where organization_id = $1 and device_id = $2 and state = any($3) returning device_id`,
      [organizationId, deviceId, from, to],
    );
    return changed.length === 1;
  }

  /** Notes what another machine told with this device's key; true when that stops a device that was active. */
  async noteCopy(organizationId: string, deviceId: string, at: Date, told: object): Promise<boolean> {
    const noted = await this.#sql.query<{ before: DeviceState }>(
      `with before as (
         select state from device where organization_id = $1 and device_id = $2 for update
       )
       update device set copy_seen_at = $3, copy_told = $4,
         state = case when device.state = 'active' then 'pending' else device.state end
       from before where organization_id = $1 and device_id = $2 returning before.state as before`,
      [organizationId, deviceId, at, JSON.stringify(told)],
    );
    return noted[0]?.before === 'active';
  }

  /** A person looked: the machine that spoke last is the device from now on. */
  async takeCopy(organizationId: string, deviceId: string): Promise<void> {
    await this.#sql.query(
      `update device set smbios_id = coalesce(copy_told ->> 'smbiosId', smbios_id),
         serial = coalesce(copy_told ->> 'serial', serial), copy_seen_at = null, copy_told = null
       where organization_id = $1 and device_id = $2 and copy_seen_at is not null`,
      [organizationId, deviceId],
    );
  }

  async revokeKey({ organizationId, deviceId, number }: DeviceKeyName, at: Date): Promise<boolean> {
    const revoked = await this.#sql.query(
      `update device_key set revoked_at = $4
       where organization_id = $1 and device_id = $2 and number = $3 and revoked_at is null returning number`,
      [organizationId, deviceId, number, at],
    );
    return revoked.length === 1;
  }

  async insertToken(organizationId: string, token: NewToken): Promise<void> {
    await this.#sql.query(
      `insert into enrolment_token (organization_id, token_sha256, label, kind, uses_left, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [organizationId, token.tokenSha256, token.label, token.kind, token.uses, token.expiresAt],
    );
  }

  /** Takes one use of a token; undefined when it is unknown, used up or expired. */
  async spendToken(
    organizationId: string,
    tokenSha256: Uint8Array,
    now: Date,
  ): Promise<TokenKind | undefined> {
    const [spent] = await this.#sql.query<{ kind: TokenKind }>(
      `update enrolment_token set uses_left = uses_left - 1
       where organization_id = $1 and token_sha256 = $2 and uses_left > 0 and expires_at > $3
       returning kind`,
      [organizationId, tokenSha256, now],
    );
    return spent?.kind;
  }

  /** Finds a token and holds it until the transaction ends, so that enrolments with one token come one by one. */
  async lockToken(organizationId: string, tokenSha256: Uint8Array): Promise<StoredToken | undefined> {
    const [found] = await this.#sql.query<StoredToken>(
      `select kind, uses_left as "usesLeft", expires_at as "expiresAt" from enrolment_token
       where organization_id = $1 and token_sha256 = $2 for update`,
      [organizationId, tokenSha256],
    );
    return found;
  }
}
