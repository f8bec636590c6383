import type { Envelope } from '../../../shared/trust/envelope.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import type { Probe } from '../../../shared/wire/answer.ts';
import type { Readiness, ReadinessAnswer } from '../../../shared/wire/readiness.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { storableText } from '../../db/storable.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { DeviceCopies } from './device-copies.ts';
import { DeviceFactsStore } from './device-facts-store.ts';
import { type DeviceOverview, ReadinessStore } from './readiness-store.ts';

const mostListed = 10_000;

/** Where a newer agent for a machine comes from, in the transaction that keeps what it told. */
export interface Updates {
  offer(sql: Sql, signer: DeviceKeyName, message: Readiness): Promise<Envelope | undefined>;
}

/** Where orders to take an attempt back come from, in the same transaction. */
export interface Undos {
  orderFor(sql: Sql, signer: DeviceKeyName, message: Readiness): Promise<Envelope | undefined>;
}

/** Which recovery passwords of a machine the server keeps. */
export interface KeptKeys {
  findKept(sql: Sql, signer: DeviceKeyName, keyIds: readonly string[]): Promise<readonly string[]>;
}

/** What healthy machines should tell of their next start. */
export interface Questions {
  list(organizationId: string): Promise<readonly Probe[]>;
}

/** What healthy machines say about how ready they are, and what they came up with. */
export class DeviceReadiness {
  readonly #transactions: Transactions;
  readonly #copies: DeviceCopies;
  readonly #updates: Updates;
  readonly #undos: Undos;
  readonly #questions: Questions;
  readonly #recoveryKeys: KeptKeys;
  readonly #clock: () => Date;

  constructor(parts: {
    transactions: Transactions;
    copies: DeviceCopies;
    updates: Updates;
    undos: Undos;
    questions: Questions;
    recoveryKeys: KeptKeys;
    clock: () => Date;
  }) {
    this.#updates = parts.updates;
    this.#undos = parts.undos;
    this.#questions = parts.questions;
    this.#recoveryKeys = parts.recoveryKeys;
    this.#transactions = parts.transactions;
    this.#copies = parts.copies;
    this.#clock = parts.clock;
  }

  /**
   * Keeps the newest answer. A machine that is another one than it enrolled as carries a copied key: it may get no
   * orders until a person has looked.
   */
  async receive(signer: DeviceKeyName, message: Readiness): Promise<ReadinessAnswer> {
    const { organizationId, deviceId, number } = signer;
    const probes = await this.#questions.list(organizationId);
    const orders = await this.#transactions.transaction(async sql => {
      const store = new ReadinessStore(sql);
      const device = await store.lockDevice(organizationId, deviceId, number);
      if (!device)
        throw new Refusal(
          'unknown-device-key',
          `Key ${number} of device ${deviceId} is not known or was revoked.`,
        );
      if (device.state === 'retired')
        throw new Refusal('device-retired', 'This device was retired; an admin can enrol it again.');
      const isCopy = await this.#copies.suspect(sql, signer, device, message.device, 'readiness');
      const findings = message.findings.map(one => ({
        ...one,
        found: storableText(one.found),
        ...(one.advice !== undefined && { advice: storableText(one.advice) }),
        ...(one.command !== undefined && { command: storableText(one.command) }),
      }));
      const { agentVersion, score } = message;
      const told = { agentVersion: storableText(agentVersion), score, findings };
      await store.save(organizationId, deviceId, this.#clock(), told);
      // What a copy or a stranger came up with proves nothing.
      if (device.state !== 'active' || isCopy) return {};
      await this.#keepFacts(sql, organizationId, deviceId, message);
      const update = await this.#updates.offer(sql, signer, message);
      const undo = await this.#undos.orderFor(sql, signer, message);
      const { recoveryKeys } = message;
      return {
        ...(recoveryKeys && {
          keptKeys: [...(await this.#recoveryKeys.findKept(sql, signer, recoveryKeys))],
        }),
        ...(update && { update }),
        ...(undo && { undo }),
        ...(probes.length > 0 && { probes: [...probes] }),
      };
    });
    return { version: 1, ...orders };
  }

  /** The newest, held to the vocabulary as those of a check-in; none any more after a start that proves nothing. */
  async #keepFacts(sql: Sql, organizationId: string, deviceId: string, message: Readiness): Promise<void> {
    if (message.facts === undefined) return;
    const store = new DeviceFactsStore(sql);
    const { facts } = parseFacts(message.facts);
    await (Object.keys(facts).length === 0
      ? store.remove(organizationId, deviceId)
      : store.save(organizationId, deviceId, this.#clock(), facts));
  }

  /** Every machine that is not retired, the least ready first. */
  async list(organizationId: string): Promise<readonly DeviceOverview[]> {
    return await this.#transactions.transaction(sql =>
      new ReadinessStore(sql).list(organizationId, mostListed),
    );
  }
}
