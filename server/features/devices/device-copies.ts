import type { Sql } from '../../db/sql.ts';
import { storableText } from '../../db/storable.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { DeviceStore } from './device-store.ts';

/** What the firmware said when the machine enrolled, or a person accepted it since. */
export interface KnownMachine {
  readonly serial: string | null;
  readonly smbiosId: string | null;
}

/** What the firmware of the machine says that speaks with its key now. */
export interface ToldMachine {
  readonly name?: string | undefined;
  readonly serial?: string | undefined;
  readonly smbiosId?: string | undefined;
}

/** Two machines with one identity: a disk was copied, or a board was changed. Only a person can tell which. */
export class DeviceCopies {
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { audit: Audit; clock: () => Date }) {
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /**
   * Whether another machine speaks than the one that is known. It then waits until a person has looked, and what it told
   * is kept for that person. What either side does not tell proves nothing.
   */
  async suspect(
    sql: Sql,
    { organizationId, deviceId }: DeviceKeyName,
    known: KnownMachine,
    told: ToldMachine,
    by: 'check-in' | 'readiness',
  ): Promise<boolean> {
    const differs = (before: string | null, now: string | undefined) =>
      before !== null && now !== undefined && before !== storableText(now);
    if (!differs(known.smbiosId, told.smbiosId) && !differs(known.serial, told.serial)) return false;
    const stored = Object.fromEntries(
      Object.entries(told).flatMap(([name, text]) =>
        typeof text === 'string' ? [[name, storableText(text)]] : [],
      ),
    );
    const store = new DeviceStore(sql);
    const isNew = await store.noteCopy(organizationId, deviceId, this.#clock(), { ...stored, by });
    if (isNew)
      await this.#audit.append(sql, {
        organizationId,
        actor: `device:${deviceId}`,
        action: 'device-clone-suspected',
        subject: `device:${deviceId}`,
        detail: { ...stored, by },
      });
    return true;
  }
}
