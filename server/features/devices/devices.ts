import type { Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { DeviceKeys } from './device-keys.ts';
import { DeviceStore } from './device-store.ts';
import { retireReplaced } from './enrolment.ts';

/** What people decide about machines. */
export class Devices {
  readonly #transactions: Transactions;
  readonly #keys: DeviceKeys;
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { transactions: Transactions; keys: DeviceKeys; audit: Audit; clock: () => Date }) {
    this.#transactions = parts.transactions;
    this.#keys = parts.keys;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /**
   * Accepts a machine that enrolled with a token from an image, or that another one spoke as; from now on it may get
   * orders, as the machine that spoke last.
   */
  async accept(organizationId: string, deviceId: string, actor: string): Promise<void> {
    await this.#change(organizationId, deviceId, actor, 'device-accepted');
  }

  /** Refuses the machine from now on. Its history stays. */
  async retire(organizationId: string, deviceId: string, actor: string): Promise<void> {
    await this.#change(organizationId, deviceId, actor, 'device-retired');
  }

  async #change(
    organizationId: string,
    deviceId: string,
    actor: string,
    action: 'device-accepted' | 'device-retired',
  ) {
    await this.#transactions.transaction(async sql => {
      const store = new DeviceStore(sql);
      const changed =
        action === 'device-accepted'
          ? await store.changeState(organizationId, deviceId, ['pending'], 'active')
          : await store.changeState(organizationId, deviceId, ['pending', 'active'], 'retired');
      const replaced =
        changed && action === 'device-accepted'
          ? await store.findReplaced(organizationId, deviceId)
          : undefined;
      if (replaced !== undefined) await retireReplaced(sql, this.#audit, organizationId, replaced, deviceId);
      if (action === 'device-accepted') await store.takeCopy(organizationId, deviceId);
      if (!changed) throw new Refusal('not-found', `No device ${deviceId} is waiting for this.`);
      await this.#audit.append(sql, { organizationId, actor, action, subject: `device:${deviceId}` });
    });
  }

  /** Stops believing one key of a device, at once in this process and inside every transaction of intake. */
  async revokeKey(name: DeviceKeyName, actor: string): Promise<void> {
    await this.#transactions.transaction(async sql => {
      if (!(await new DeviceStore(sql).revokeKey(name, this.#clock())))
        throw new Refusal('not-found', `No key ${name.number} of device ${name.deviceId} is in use.`);
      const subject = `device:${name.deviceId}`;
      const { organizationId, number } = name;
      await this.#audit.append(sql, {
        organizationId,
        actor,
        action: 'device-key-revoked',
        subject,
        detail: { number },
      });
    });
    this.#keys.forget(name);
  }
}
