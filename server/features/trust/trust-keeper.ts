import type { RecallDocument, TrustDocument } from '../../../shared/trust/documents.ts';
import type { Envelope, Verify } from '../../../shared/trust/envelope.ts';
import { openRecall } from '../../../shared/trust/open-recall.ts';
import { followTrustChain, openFirstTrust } from '../../../shared/trust/trust-chain.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { OnlineKey } from './online-key.ts';
import { TrustStore, type TrustVersions, type VersionedEnvelope } from './trust-store.ts';

/** What an organization's devices believe now, checked from the first document on. */
export interface TrustState extends TrustVersions {
  readonly trust: TrustDocument | undefined;
  readonly chain: readonly VersionedEnvelope[];
  readonly recall: RecallDocument | undefined;
  readonly recallEnvelope: Envelope | undefined;
}

interface Parts {
  readonly sql: Sql & Transactions;
  readonly audit: Audit;
  readonly onlineKey: OnlineKey;
  readonly verify: Verify;
}

/** A device further behind catches up with its next check-in. */
const mostInOneAnswer = 64;

/** Keeps what devices believe. Nothing is stored that the chain of signatures does not carry. */
export class TrustKeeper {
  readonly #parts: Parts;
  readonly #known = new Map<string, TrustState>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The state at the versions that a transaction just read; read again only when they are new. */
  async stateAt(sql: Sql, organizationId: string, versions: TrustVersions): Promise<TrustState> {
    const known = this.#known.get(organizationId);
    const same =
      known?.trustVersion === versions.trustVersion && known.recallVersion === versions.recallVersion;
    if (same) return known;
    const state = await this.#read(sql, organizationId);
    if (state.trustVersion >= versions.trustVersion && state.recallVersion >= versions.recallVersion)
      this.#known.set(organizationId, state);
    return state;
  }

  /** The state now. */
  async state(organizationId: string): Promise<TrustState> {
    const { sql } = this.#parts;
    return await this.stateAt(sql, organizationId, await new TrustStore(sql).readVersions(organizationId));
  }

  /** The trust documents newer than a version, oldest first. */
  async chainSince(organizationId: string, version: number): Promise<Envelope[]> {
    const { chain } = await this.state(organizationId);
    return chain.filter(one => one.version > version).map(one => one.envelope);
  }

  /** What rides on an answer to a device: the documents that it has not seen. */
  updatesFor(state: TrustState, seen: TrustVersions): { trust?: Envelope[]; recall?: Envelope } {
    const trust = state.chain.filter(one => one.version > seen.trustVersion).slice(0, mostInOneAnswer);
    const { recall, recallEnvelope } = state;
    return {
      ...(trust.length > 0 && { trust: trust.map(one => one.envelope) }),
      ...(recallEnvelope && recall && recall.version > seen.recallVersion && { recall: recallEnvelope }),
    };
  }

  /** Stores a trust document: the first carries its own threshold, later ones also that of the one before. */
  async publish(organizationId: string, envelope: Envelope, actor: string): Promise<TrustDocument> {
    return await this.#parts.sql.transaction(async sql => {
      const store = await lockedStore(sql, organizationId);
      const { trust: known } = await this.#read(sql, organizationId);
      const trust = known ? this.#follow(known, envelope) : this.#openFirst(envelope);
      const { onlineKey, audit } = this.#parts;
      if (trust.organization !== organizationId)
        throw new Refusal('trust-refused', `The document is for organization ${trust.organization}.`);
      if (trust.onlineKey.publicKey !== onlineKey.publicKey || trust.onlineKey.keyId !== onlineKey.keyId)
        throw new Refusal(
          'trust-refused',
          `The document names another online key; this server signs with ${onlineKey.keyId}.`,
        );
      await store.insertTrust(organizationId, trust.version, envelope);
      await audit.append(sql, {
        organizationId,
        actor,
        action: 'trust-published',
        subject: `trust:${trust.version}`,
        detail: { threshold: trust.threshold, approvers: trust.approvers.map(key => key.keyId) },
      });
      return trust;
    });
  }

  /** Stores a recall list: devices run none of these scripts any more. */
  async recall(organizationId: string, envelope: Envelope, actor: string): Promise<RecallDocument> {
    return await this.#parts.sql.transaction(async sql => {
      const store = await lockedStore(sql, organizationId);
      const { trust, recall } = await this.#read(sql, organizationId);
      if (!trust)
        throw new Refusal('trust-refused', 'No trust document is published, so nobody can recall yet.');
      const opened = openRecall(envelope, trust, recall?.version ?? 0, this.#parts.verify);
      if (!opened.ok)
        throw new Refusal('trust-refused', opened.problem.message, { path: opened.problem.code });
      const { document } = opened;
      const missing = recall?.scriptSha256s.find(script => !document.scriptSha256s.includes(script));
      if (missing !== undefined)
        throw new Refusal('trust-refused', `A recall list only grows; script ${missing} is missing in it.`);
      await store.insertRecall(organizationId, document.version, envelope);
      await this.#parts.audit.append(sql, {
        organizationId,
        actor,
        action: 'scripts-recalled',
        subject: `recall:${document.version}`,
        detail: { scripts: document.scriptSha256s.length },
      });
      return document;
    });
  }

  #openFirst(envelope: Envelope): TrustDocument {
    const opened = openFirstTrust(envelope, this.#parts.verify);
    if (!opened.ok) throw new Refusal('trust-refused', opened.problem.message, { path: opened.problem.code });
    return opened.document;
  }

  #follow(known: TrustDocument, envelope: Envelope): TrustDocument {
    const { trust, followed, problem } = followTrustChain(known, [envelope], this.#parts.verify);
    if (followed.length === 1) return trust;
    const why = problem ?? 'version-not-newer';
    throw new Refusal('trust-refused', `Devices at version ${known.version} would not follow it: ${why}.`, {
      path: why,
    });
  }

  /** Reads the whole chain and believes only as much of it as its signatures carry. */
  async #read(sql: Sql, organizationId: string): Promise<TrustState> {
    const store = new TrustStore(sql);
    const chain = await store.listTrust(organizationId);
    const recallRow = await store.findNewestRecall(organizationId);
    const versions = {
      trustVersion: chain.at(-1)?.version ?? 0,
      recallVersion: recallRow?.version ?? 0,
    };
    const nothing = {
      ...versions,
      trust: undefined,
      chain: [],
      recall: undefined,
      recallEnvelope: undefined,
    };
    const [first, ...later] = chain;
    const opened = first && openFirstTrust(first.envelope, this.#parts.verify);
    if (!opened?.ok) return nothing;
    const followed = followTrustChain(
      opened.document,
      later.map(one => one.envelope),
      this.#parts.verify,
    );
    const { trust } = followed;
    const recall = recallRow && openRecall(recallRow.envelope, trust, 0, this.#parts.verify);
    // A recall list that is there but is not believed would hide what was recalled: then nothing may run.
    if (recall && !recall.ok) return nothing;
    return {
      ...versions,
      trust,
      chain: chain.slice(0, followed.followed.length + 1),
      recall: recall?.document,
      recallEnvelope: recallRow?.envelope,
    };
  }
}

async function lockedStore(sql: Sql, organizationId: string): Promise<TrustStore> {
  const store = new TrustStore(sql);
  if (!(await store.lockOrganization(organizationId)))
    throw new Refusal('not-found', `There is no organization ${organizationId}.`);
  return store;
}
