import { randomUUIDv7 } from 'node:crypto';
import { bytesOfHex } from '../../../shared/bytes/hex.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { EnrolAnswer, EnrolRequest } from '../../../shared/wire/enrol.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { storableText } from '../../db/storable.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { DeviceStore, type EnrolledKey, type StoredToken } from './device-store.ts';
import { hashOfToken } from './enrolment-tokens.ts';

/** Where the documents come from that a new device starts to believe. */
export interface TrustDocuments {
  chainSince(organizationId: string, version: number): Promise<readonly Envelope[]>;
}

/**
 * Lets a machine in that proved two things: it holds the private key (its request is signed with it), and an admin
 * gave it a token. The token is spent in the same transaction that makes the device.
 */
export class Enrolment {
  readonly #transactions: Transactions;
  readonly #trust: TrustDocuments;
  readonly #audit: Audit;
  readonly #clock: () => Date;

  constructor(parts: { transactions: Transactions; trust: TrustDocuments; audit: Audit; clock: () => Date }) {
    this.#transactions = parts.transactions;
    this.#trust = parts.trust;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /** Enrols once; a repeat with the same key, whose first answer was lost, gets the same answer. */
  async enrol(organizationId: string, request: EnrolRequest): Promise<EnrolAnswer> {
    const device = await this.#transactions.transaction(sql => this.#admit(sql, organizationId, request));
    const trust = await this.#trust.chainSince(organizationId, 0);
    const { deviceId, number, state } = device;
    return { version: 1, keyId: `${organizationId}/${deviceId}/${number}`, state, trust: [...trust] };
  }

  async #admit(sql: Sql, organizationId: string, request: EnrolRequest) {
    const store = new DeviceStore(sql);
    const tokenSha256 = hashOfToken(request.token);
    const token = await store.lockToken(organizationId, tokenSha256);
    const publicKey = bytesOfHex(request.publicKey)!;
    const known = await store.findByPublicKey(organizationId, publicKey);
    if (known) return welcomeBack(known);

    const now = this.#clock();
    const kind = await store.spendToken(organizationId, tokenSha256, now);
    if (!kind) throw tokenRefusal(token, now);

    // A token that lies in an image can be read by whoever has the image, so a person looks first.
    const isTrusted = kind === 'device' && request.from !== 'recovery';
    const state = isTrusted ? ('active' as const) : ('pending' as const);
    const deviceId = randomUUIDv7();
    const { model, serial, smbiosId } = request.device;
    const name = storableText(request.device.name);
    const replacesDeviceId =
      isMachineId(smbiosId) && serial !== undefined
        ? await store.findMachine(organizationId, storableText(smbiosId), storableText(serial))
        : undefined;
    await store.insertDevice(organizationId, {
      deviceId,
      name,
      model: model && storableText(model),
      serial: serial && storableText(serial),
      smbiosId: smbiosId && storableText(smbiosId),
      state,
      publicKey,
      enrolledAt: now,
      replacesDeviceId,
    });
    await this.#audit.append(sql, {
      organizationId,
      actor: `device:${deviceId}`,
      action: 'device-enrolled',
      subject: `device:${deviceId}`,
      detail: { name, state, ...(replacesDeviceId !== undefined && { replaces: replacesDeviceId }) },
    });
    // One that a person must accept first takes nobody's place before that.
    if (replacesDeviceId !== undefined && state === 'active')
      await retireReplaced(sql, this.#audit, organizationId, replacesDeviceId, deviceId);
    return { deviceId, number: 1, state };
  }
}

/** The machine is here again under another key: what it was before is believed no more. */
export async function retireReplaced(
  sql: Sql,
  audit: Audit,
  organizationId: string,
  deviceId: string,
  replacedBy: string,
): Promise<void> {
  const changed = await new DeviceStore(sql).changeState(
    organizationId,
    deviceId,
    ['pending', 'active'],
    'retired',
  );
  if (!changed) return;
  await audit.append(sql, {
    organizationId,
    actor: `device:${replacedBy}`,
    action: 'device-replaced',
    subject: `device:${deviceId}`,
    detail: { replacedBy },
  });
}

/** Boards without an id of their own say all zeros, all ones, or a sample; those name no machine. */
const isMachineId = (smbiosId: string | undefined): smbiosId is string =>
  smbiosId !== undefined &&
  /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(smbiosId) &&
  !/^(0{8}-(0{4}-){3}0{12}|F{8}-(F{4}-){3}F{12}|03000200-0400-0500-0006-000700080009)$/i.test(smbiosId);

function welcomeBack({ deviceId, number, state, revoked }: EnrolledKey) {
  if (state === 'retired' || revoked)
    throw new Refusal('device-retired', 'This key belongs to a device that was retired; make a new key.');
  return { deviceId, number, state };
}

function tokenRefusal(token: StoredToken | undefined, now: Date): Refusal {
  const why = !token
    ? 'is not known here'
    : token.expiresAt <= now
      ? `expired at ${token.expiresAt.toISOString()}`
      : 'was used as often as it may be';
  return new Refusal('enrolment-token-invalid', `This enrolment token ${why}; ask an admin for a new one.`);
}
