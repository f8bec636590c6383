import type { Sql } from '../../db/sql.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import { DeviceStore } from './device-store.ts';

/** How long another server process may still let a key through whose revocation it has not seen. */
const rememberMs = 10_000;
const mostRemembered = 20_000;

interface Remembered {
  readonly publicKey: Uint8Array;
  readonly untilMs: number;
}

/**
 * The keys that devices sign requests with, remembered for a few seconds. Intake looks at the revocation again inside
 * its transaction, so a remembered key opens nothing that was closed.
 */
export class DeviceKeys {
  readonly #store: DeviceStore;
  readonly #clock: () => Date;
  readonly #remembered = new Map<string, Remembered>();

  constructor(sql: Sql, clock: () => Date) {
    this.#store = new DeviceStore(sql);
    this.#clock = clock;
  }

  /** The raw public key that may sign now; undefined when it is unknown or revoked. */
  readonly find = async (name: DeviceKeyName): Promise<Uint8Array | undefined> => {
    const id = idOf(name);
    const nowMs = this.#clock().getTime();
    const known = this.#remembered.get(id);
    if (known && known.untilMs > nowMs) return known.publicKey;
    const publicKey = await this.#store.findKey(name);
    if (!publicKey) {
      this.#remembered.delete(id);
      return undefined;
    }
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(id, { publicKey, untilMs: nowMs + rememberMs });
    return publicKey;
  };

  /** Looks the key up afresh next time. */
  forget(name: DeviceKeyName): void {
    this.#remembered.delete(idOf(name));
  }
}

const idOf = ({ organizationId, deviceId, number }: DeviceKeyName) =>
  `${organizationId}/${deviceId}/${number}`;
