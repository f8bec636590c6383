import { randomBytes, randomUUIDv7, timingSafeEqual } from 'node:crypto';
import type {
  KeyRequestList,
  KeyRequestRow,
  RefuseRecoveryKey,
  ReleaseRecoveryKey,
} from '../../../shared/api/recovery-key.ts';
import { bytesOfHex, hexOf } from '../../../shared/bytes/hex.ts';
import { sealBox } from '../../../shared/trust/sealed-box.ts';
import { scriptAgreement } from '../../../shared/trust/x25519.ts';
import { serverId } from '../../../shared/wire/primitives.ts';
import { boxContextOf, type KeyRequest, type KeyRequestAnswer } from '../../../shared/wire/key-request.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { storableText } from '../../db/storable.ts';
import { hasRightsOf } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import { screenCodeOf } from '../../screen-code.ts';
import type { SecretVault } from '../../secret-vault.ts';
import type { SecondFactor } from '../access/second-factor.ts';
import type { Audit } from '../audit/audit-entry.ts';
import { KeyRequestStore, type ListedKeyRequest, type StoredKeyRequest } from './key-request-store.ts';
import { placeOfKey } from './recovery-keys.ts';
import { RecoveryKeyStore } from './recovery-key-store.ts';

/** A machine asks again every ten seconds; one that is silent for so long has left. */
const askAgainSeconds = 10;
const leftAfterMs = 2 * 60_000;
const mostWaiting = 200;
const mostWaitingOfKey = 8;
/** Whoever types a third wrong code is guessing: the machine has to ask anew, under another code. */
const mostWrongCodes = 3;
const boxMinutes = 15;
const requestDays = 1;
const mostListed = 100;

type Refused = { readonly refusal: Refusal };

/**
 * Gives recovery passwords to locked machines, one at a time and never by itself: a person compares the code on the
 * machine's screen, gives a reason and a second factor. The password is sealed for the key of this one request, so
 * neither a log, a proxy nor the stored answer holds it, and a repeat gives nothing to anybody else.
 */
export class KeyRelease {
  readonly #sql: Sql & Transactions;
  readonly #vault: SecretVault;
  readonly #secondFactor: SecondFactor;
  readonly #audit: Audit;
  readonly #clock: () => Date;
  readonly #asked: () => void;

  constructor(parts: {
    sql: Sql & Transactions;
    vault: SecretVault;
    secondFactor: SecondFactor;
    audit: Audit;
    clock: () => Date;
    /** Another machine asks; told once that is committed. */
    asked: () => void;
  }) {
    this.#sql = parts.sql;
    this.#vault = parts.vault;
    this.#secondFactor = parts.secondFactor;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
    this.#asked = parts.asked;
  }

  /** What a locked machine hears. Its request is signed with the key that it carries, and proves nothing else. */
  async ask(organizationId: string, message: KeyRequest): Promise<KeyRequestAnswer> {
    const asked = await this.#sql.transaction(async sql => {
      const known = await new KeyRequestStore(sql).lockByKey(organizationId, bytesOfHex(message.requestKey)!);
      return known
        ? await this.#askAgain(sql, organizationId, known, message)
        : await this.#askFirst(sql, organizationId, message);
    });
    if ('refusal' in asked) throw asked.refusal;
    if (asked.state === 'waiting') this.#asked();
    return asked;
  }

  /** How many machines wait for their recovery key now. */
  async countWaiting(organizationId: string): Promise<number> {
    const since = new Date(this.#clock().getTime() - leftAfterMs);
    return (await new KeyRequestStore(this.#sql).countWaiting(organizationId, undefined, since)).all;
  }

  async #askFirst(
    sql: Sql,
    organizationId: string,
    message: KeyRequest,
  ): Promise<KeyRequestAnswer | Refused> {
    if (message.ended !== undefined) return { version: 1, state: 'ended' };
    const key = await new RecoveryKeyStore(sql).findFirst(organizationId, message.keyIds);
    if (!key)
      return {
        version: 1,
        state: 'refused',
        reason: 'recovery-key-unknown',
        tell: 'Your help desk does not keep the recovery key of this disk here.',
      };
    const requests = new KeyRequestStore(sql);
    const now = this.#clock();
    const waiting = await requests.countWaiting(
      organizationId,
      key.keyId,
      new Date(now.getTime() - leftAfterMs),
    );
    if (waiting.all >= mostWaiting || waiting.ofKey >= mostWaitingOfKey)
      return {
        refusal: new Refusal('too-many-requests', 'Too many machines ask for a recovery key now.', {
          retryAfterSeconds: 60,
        }),
      };
    const code = screenCodeOf(randomBytes(8));
    await requests.insert(organizationId, {
      requestId: randomUUIDv7(),
      requestKey: bytesOfHex(message.requestKey)!,
      boxKey: bytesOfHex(message.boxKey)!,
      code,
      ...key,
      told: message.device,
      now,
    });
    return { version: 1, state: 'waiting', code, seconds: askAgainSeconds };
  }

  async #askAgain(
    sql: Sql,
    organizationId: string,
    known: StoredKeyRequest,
    message: KeyRequest,
  ): Promise<KeyRequestAnswer> {
    const requests = new KeyRequestStore(sql);
    const { requestId, keyId, state, box } = known;
    if (message.ended !== undefined && state === 'released') {
      await requests.end(organizationId, requestId, message.ended);
      await this.#audit.append(sql, {
        organizationId,
        actor: `locked-machine:${requestId}`,
        action: message.ended === 'opened' ? 'recovery-key-used' : 'recovery-key-not-used',
        subject: `recovery-key:${keyId}`,
      });
      return { version: 1, state: 'ended' };
    }
    switch (state) {
      case 'waiting':
        await requests.hear(organizationId, requestId, this.#clock());
        return { version: 1, state: 'waiting', code: known.code, seconds: askAgainSeconds };
      case 'released':
        return box ? { version: 1, state: 'released', keyId, box } : { version: 1, state: 'ended' };
      case 'refused':
        return {
          version: 1,
          state: 'refused',
          reason: 'key-not-released',
          tell: 'Your help desk did not release the recovery key.',
        };
      case 'opened':
      case 'not-opened':
        return { version: 1, state: 'ended' };
      default:
        return state satisfies never;
    }
  }

  /** The newest requests, as people see them: the code stands on the machine's screen and nowhere else. */
  async list(organizationId: string): Promise<KeyRequestList> {
    const found = await new KeyRequestStore(this.#sql).list(organizationId, mostListed);
    return { requests: found.map(one => this.#rowOf(one)) };
  }

  /** Releases one password to one waiting machine. `by` is the account that decides. */
  async release(
    organizationId: string,
    requestId: string,
    by: string,
    { code, reason, oneTimeCode }: ReleaseRecoveryKey,
  ): Promise<void> {
    const ended = await this.#sql.transaction(async (sql): Promise<Refused | undefined> => {
      const requests = new KeyRequestStore(sql);
      const request = await lock(requests, organizationId, requestId);
      const shown = request && (await requests.find(organizationId, requestId));
      if (!request || !shown) return refused('not-found', 'There is no such request.');
      const row = this.#rowOf(shown);
      if (row.state !== 'waiting') return refused('key-request-over', `This request is over: ${row.state}.`);
      if (row.deviceState !== 'active')
        return refused('device-not-active', `${row.deviceName} is ${row.deviceState}; its key stays here.`);
      if (row.sameMachine === 'no')
        return refused('another-machine', `The machine that asks is not ${row.deviceName}, by its firmware.`);

      const factor = await this.#secondFactor.check(sql, organizationId, by, oneTimeCode);
      if (!factor.ok) return refused(factor.code, factor.message);
      if (!hasRightsOf(factor.role, 'operator'))
        return refused('role-required', 'This needs the role operator.');
      if (!timingSafeEqual(Buffer.from(request.code), Buffer.from(code)))
        return await this.#wrongCode(sql, organizationId, request, by);
      await this.#sealFor(sql, organizationId, request, by, reason);
      return undefined;
    });
    if (ended) throw ended.refusal;
  }

  async #wrongCode(
    sql: Sql,
    organizationId: string,
    { requestId, keyId, wrongCodes }: StoredKeyRequest,
    by: string,
  ): Promise<Refused> {
    const requests = new KeyRequestStore(sql);
    const isLast = wrongCodes + 1 >= mostWrongCodes;
    await requests.countWrongCode(organizationId, requestId);
    if (isLast)
      await requests.decide(organizationId, requestId, {
        state: 'refused',
        by: 'server',
        reason: 'wrong code typed too often',
        now: this.#clock(),
      });
    await this.#record(sql, organizationId, `account:${by}`, 'recovery-key-code-wrong', keyId, { requestId });
    return refused('wrong-unlock-code', 'This is not the code on the screen of this machine.');
  }

  async #sealFor(
    sql: Sql,
    organizationId: string,
    { requestId, requestKey, boxKey, keyId, deviceId }: StoredKeyRequest,
    by: string,
    reason: string,
  ): Promise<void> {
    const now = this.#clock();
    const sealed = await new RecoveryKeyStore(sql).release(organizationId, keyId, now);
    const password = sealed && this.#vault.open(placeOfKey(organizationId, deviceId, keyId), sealed);
    if (!password)
      throw new Error(`Recovery key ${keyId} was not sealed with this server's vault key for ${deviceId}.`);
    const context = boxContextOf(organizationId, hexOf(requestKey), keyId);
    const box = sealBox(password, boxKey, context, randomBytes(32), scriptAgreement);
    password.fill(0);
    if (!box)
      throw new Refusal('malformed-message', 'The machine sent a key that nothing can be sealed for.');
    await new KeyRequestStore(sql).decide(organizationId, requestId, {
      state: 'released',
      by: `account:${by}`,
      reason: storableText(reason),
      box: { encapsulatedKey: hexOf(box.encapsulatedKey), ciphertext: hexOf(box.ciphertext) },
      now,
    });
    const detail = { requestId, deviceId, reason: storableText(reason) };
    await this.#record(sql, organizationId, `account:${by}`, 'recovery-key-released', keyId, detail);
  }

  /** Sends the machine to the menu without a key. */
  async refuse(
    organizationId: string,
    requestId: string,
    actor: string,
    { reason }: RefuseRecoveryKey,
  ): Promise<void> {
    await this.#sql.transaction(async sql => {
      const requests = new KeyRequestStore(sql);
      const request = await lock(requests, organizationId, requestId);
      if (!request) throw new Refusal('not-found', 'There is no such request.');
      if (request.state !== 'waiting')
        throw new Refusal('key-request-over', `This request is over: ${request.state}.`);
      const said = storableText(reason);
      const now = this.#clock();
      await requests.decide(organizationId, requestId, { state: 'refused', by: actor, reason: said, now });
      const detail = { requestId, deviceId: request.deviceId, reason: said };
      await this.#record(sql, organizationId, actor, 'recovery-key-refused', request.keyId, detail);
    });
  }

  /** Forgets sealed answers that nobody came for, and requests that nobody decided. */
  async forgetOld(now: Date): Promise<void> {
    const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
    await new KeyRequestStore(this.#sql).forget(before(boxMinutes), before(requestDays * 24 * 60));
  }

  #rowOf(request: ListedKeyRequest): KeyRequestRow {
    const { requestId, keyId, volume, deviceId, deviceName, deviceState, told, reason } = request;
    const hasLeft = this.#clock().getTime() - request.heardAt.getTime() > leftAfterMs;
    return {
      requestId,
      keyId,
      volume,
      deviceId,
      deviceName,
      deviceState,
      told,
      sameMachine: compare(request),
      state: request.state === 'waiting' && hasLeft ? 'left' : request.state,
      askedAt: request.askedAt.toISOString(),
      ...(request.decidedAt !== null && { decidedAt: request.decidedAt.toISOString() }),
      ...(request.decidedBy !== null && { decidedBy: request.decidedBy }),
      ...(reason !== null && { reason }),
    };
  }

  #record(
    sql: Sql,
    organizationId: string,
    actor: string,
    action: string,
    keyId: string,
    detail: Record<string, string>,
  ): Promise<void> {
    const subject = `recovery-key:${keyId}`;
    return this.#audit.append(sql, { organizationId, actor, action, subject, detail });
  }
}

const lock = async (requests: KeyRequestStore, organizationId: string, requestId: string) =>
  serverId.safeParse(requestId).success ? await requests.lockById(organizationId, requestId) : undefined;

/** Firmware can be lied about; this catches mistakes, not thieves. */
function compare({ told, serial, smbiosId }: ListedKeyRequest): KeyRequestRow['sameMachine'] {
  const pairs = [
    [told.serial, serial],
    [told.smbiosId, smbiosId],
  ].filter(([now, known]) => now != null && known != null);
  if (pairs.length === 0) return 'unknown';
  return pairs.every(([now, known]) => now === known) ? 'yes' : 'no';
}

const refused = (...[code, message]: ConstructorParameters<typeof Refusal>): Refused => ({
  refusal: new Refusal(code, message),
});
