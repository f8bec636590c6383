import type { UndoOrderList, UndoOrderRow } from '../../../shared/api/undo-order.ts';
import { hexOf } from '../../../shared/bytes/hex.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { serverId } from '../../../shared/wire/primitives.ts';
import type { Readiness } from '../../../shared/wire/readiness.ts';
import type { Undone } from '../../../shared/wire/undone.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { storableText } from '../../db/storable.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { OnlineKey } from '../trust/online-key.ts';
import { type StoredUndoOrder, UndoStore } from './undo-store.ts';

const mostListed = 100;

interface Parts {
  readonly sql: Sql & Transactions;
  readonly audit: Audit;
  readonly onlineKey: OnlineKey;
  readonly clock: () => Date;
  /** States of an attempt that is over and can still become undone. */
  readonly undoable: readonly string[];
  readonly incidentChanged: (incidentId: string) => void;
}

/** Has past attempts taken back, one order for one attempt on one machine, by a person. */
export class UndoOrders {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks the machine of an attempt to take it back; it hears that with its next daily word. */
  async ask(
    organizationId: string,
    place: { readonly incidentId: string; readonly attemptId: string },
    by: { readonly actor: string; readonly reason: string },
  ): Promise<void> {
    const { sql, audit, clock, undoable } = this.#parts;
    await sql.transaction(async transaction => {
      const store = new UndoStore(transaction);
      const attempt = isPlace(place)
        ? await store.lockAttempt(organizationId, place.incidentId, place.attemptId)
        : undefined;
      if (!attempt) throw new Refusal('not-found', `This incident has no attempt ${place.attemptId}.`);
      if (!undoable.includes(attempt.state))
        throw new Refusal('illegal-event', `An attempt that is ${attempt.state} cannot be taken back.`);
      const reason = storableText(by.reason);
      await store.ask(organizationId, { ...place, ...attempt }, { actor: by.actor, reason, now: clock() });
      await audit.append(transaction, {
        organizationId,
        actor: by.actor,
        action: 'undo-asked',
        subject: `attempt:${place.attemptId}`,
        detail: { deviceId: attempt.deviceId, reason },
      });
    });
    this.#parts.incidentChanged(place.incidentId);
  }

  /** Withdraws an order. A machine that has it already may still obey; then nobody hears of it but the next list. */
  async withdraw(
    organizationId: string,
    place: { readonly incidentId: string; readonly attemptId: string },
    actor: string,
  ): Promise<void> {
    const { sql, audit, clock } = this.#parts;
    await sql.transaction(async transaction => {
      const store = new UndoStore(transaction);
      const attempt = isPlace(place)
        ? await store.lockAttempt(organizationId, place.incidentId, place.attemptId)
        : undefined;
      const end = { state: 'withdrawn', code: null, told: null, now: clock() } as const;
      if (!attempt || !(await store.end(organizationId, attempt.deviceId, place.attemptId, end)))
        throw new Refusal('not-found', `Nobody waits for attempt ${place.attemptId} to be taken back.`);
      const subject = `attempt:${place.attemptId}`;
      await audit.append(transaction, { organizationId, actor, action: 'undo-withdrawn', subject });
    });
    this.#parts.incidentChanged(place.incidentId);
  }

  /** The order for a healthy machine, sealed for the very message it answers; undefined when there is none. */
  async orderFor(
    sql: Sql,
    { organizationId, deviceId }: DeviceKeyName,
    { nonce }: Pick<Readiness, 'nonce'>,
  ): Promise<Envelope | undefined> {
    if (nonce === undefined) return undefined;
    const next = await new UndoStore(sql).findNext(organizationId, deviceId);
    if (!next) return undefined;
    return await this.#parts.onlineKey.sealUndoOrder({
      type: 'undo-order',
      organization: organizationId,
      deviceId,
      attemptId: next.attemptId,
      scriptSha256: hexOf(next.scriptSha256),
      nonce,
    });
  }

  /** A machine tells how it ended. Telling it again, or of an order that was withdrawn, is harmless. */
  async receive({ organizationId, deviceId }: DeviceKeyName, message: Undone): Promise<void> {
    const { sql, audit, clock, undoable } = this.#parts;
    const incidentId = await sql.transaction(async transaction => {
      const store = new UndoStore(transaction);
      const { attemptId, state, code = null } = message;
      const told = message.reason === undefined ? null : storableText(message.reason);
      const now = clock();
      const ended = await store.end(organizationId, deviceId, attemptId, { state, code, told, now });
      if (ended === undefined) return undefined;
      if (state === 'undone') await store.markUndone(organizationId, ended, attemptId, undoable, now);
      await audit.append(transaction, {
        organizationId,
        actor: `device:${deviceId}`,
        action: `undo-${state === 'undone' ? 'done' : state}`,
        subject: `attempt:${attemptId}`,
        detail: { code },
      });
      return ended;
    });
    if (incidentId !== undefined) this.#parts.incidentChanged(incidentId);
  }

  async list(organizationId: string, incidentId: string): Promise<UndoOrderList> {
    const orders = serverId.safeParse(incidentId).success
      ? await new UndoStore(this.#parts.sql).list(organizationId, incidentId)
      : [];
    return { orders: orders.map(rowOf) };
  }

  /** What was to be taken back on one machine, the newest first. */
  async listOfDevice(organizationId: string, deviceId: string): Promise<UndoOrderList> {
    const orders = await new UndoStore(this.#parts.sql).listOfDevice(organizationId, deviceId, mostListed);
    return { orders: orders.map(rowOf) };
  }
}

const isPlace = ({ incidentId, attemptId }: { readonly incidentId: string; readonly attemptId: string }) =>
  serverId.safeParse(incidentId).success && serverId.safeParse(attemptId).success;

function rowOf(order: StoredUndoOrder): UndoOrderRow {
  const { incidentId, attemptId, deviceId, state, askedBy, reason, endedAt, code, told } = order;
  return {
    incidentId,
    attemptId,
    deviceId,
    state,
    askedBy,
    askedAt: order.askedAt.toISOString(),
    reason,
    ...(endedAt !== null && { endedAt: endedAt.toISOString() }),
    ...(code !== null && { code }),
    ...(told !== null && { told }),
  };
}
