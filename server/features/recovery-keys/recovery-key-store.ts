import type { Sql } from '../../db/sql.ts';

export interface RecoveryKeyRecord {
  readonly keyId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly volume: string;
  readonly importedAt: Date;
  readonly importedBy: string;
  readonly releasedAt: Date | null;
  readonly replacedAt: Date | null;
}

/** Recovery passwords, sealed. */
export class RecoveryKeyStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The machine that a text names by id, name or serial number; undefined when that is not one alone. */
  async findDevice(organizationId: string, named: string): Promise<string | undefined> {
    const found = await this.#sql.query<{ deviceId: string }>(
      `select device_id as "deviceId" from device
       where organization_id = $1 and (device_id = $2 or name = $2 or serial = $2) and state <> 'retired' limit 2`,
      [organizationId, named],
    );
    return found.length === 1 ? found[0]!.deviceId : undefined;
  }

  /** Keeps a password; false when one of this id belongs to another machine. Older ones of its volume are replaced. */
  async keep(
    organizationId: string,
    key: {
      readonly keyId: string;
      readonly deviceId: string;
      readonly volume: string;
      readonly sealed: Uint8Array;
      readonly importedBy: string;
      readonly now: Date;
    },
  ): Promise<boolean> {
    const kept = await this.#sql.query<{ isNew: boolean }>(
      `insert into recovery_key (organization_id, key_id, device_id, volume, sealed, imported_at, imported_by)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (organization_id, key_id) do update set sealed = excluded.sealed
         where recovery_key.device_id = excluded.device_id and recovery_key.volume = excluded.volume
       returning imported_at = $6 as "isNew"`,
      [organizationId, key.keyId, key.deviceId, key.volume, key.sealed, key.now, key.importedBy],
    );
    if (kept[0]?.isNew === true)
      await this.#sql.query(
        `update recovery_key set replaced_at = $5
         where organization_id = $1 and device_id = $2 and volume = $3 and key_id <> $4
           and released_at is not null and replaced_at is null`,
        [organizationId, key.deviceId, key.volume, key.keyId, key.now],
      );
    return kept.length === 1;
  }

  async list(organizationId: string, deviceId: string | undefined, most: number) {
    return await this.#sql.query<RecoveryKeyRecord>(
      `select key_id as "keyId", device_id as "deviceId", name as "deviceName", volume, imported_at as "importedAt",
         imported_by as "importedBy", released_at as "releasedAt", replaced_at as "replacedAt"
       from recovery_key join device using (organization_id, device_id)
       where organization_id = $1 and ($2::text is null or device_id = $2)
       order by (released_at is not null and replaced_at is null) desc, name, volume, key_id limit $3`,
      [organizationId, deviceId ?? null, most],
    );
  }

  /** The first of these ids, in their order, whose password is here. */
  async findFirst(organizationId: string, keyIds: readonly string[]) {
    const [found] = await this.#sql.query<{ keyId: string; deviceId: string }>(
      `select key_id as "keyId", device_id as "deviceId" from recovery_key
       where organization_id = $1 and key_id = any($2) order by array_position($2::text[], key_id) limit 1`,
      [organizationId, keyIds],
    );
    return found;
  }

  /** Those of these ids whose password is here for this machine. */
  async findKept(organizationId: string, deviceId: string, keyIds: readonly string[]): Promise<string[]> {
    const found = await this.#sql.query<{ keyId: string }>(
      `select key_id as "keyId" from recovery_key
       where organization_id = $1 and key_id = any($3) and device_id = $2 order by key_id`,
      [organizationId, deviceId, keyIds],
    );
    return found.map(({ keyId }) => keyId);
  }

  /** Takes a password out for a release: from now on it should be rotated. */
  async release(organizationId: string, keyId: string, now: Date): Promise<Buffer | undefined> {
    const [found] = await this.#sql.query<{ sealed: Buffer }>(
      `update recovery_key set released_at = $3, replaced_at = null
       where organization_id = $1 and key_id = $2 returning sealed`,
      [organizationId, keyId, now],
    );
    return found?.sealed;
  }
}
