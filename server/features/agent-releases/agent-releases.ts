import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type {
  AgentReleaseList,
  AgentReleaseRow,
  SteerAgentRelease,
} from '../../../shared/api/agent-release.ts';
import { base64Of } from '../../../shared/bytes/base64.ts';
import { hexOf } from '../../../shared/bytes/hex.ts';
import { compareVersions, isVersion } from '../../../shared/facts/version.ts';
import { type AgentReleaseDocument, maxAgentBytes } from '../../../shared/trust/documents.ts';
import type { Envelope, Verify } from '../../../shared/trust/envelope.ts';
import { openAgentRelease } from '../../../shared/trust/open-agent-release.ts';
import {
  type AgentReleasePiece,
  type AgentReleaseRequest,
  maxReleasePieceBytes,
} from '../../../shared/wire/agent-release.ts';
import type { Readiness } from '../../../shared/wire/readiness.ts';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Sql, Transactions } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { Audit } from '../audit/audit-entry.ts';
import type { TrustState } from '../trust/trust-keeper.ts';
import { AgentReleaseStore, type ReleaseCounts, type StoredRelease } from './agent-release-store.ts';

/** Every machine confirms once a day; one that has a newer agent and said nothing for longer may not have survived it. */
const silentAfterMs = 26 * 3_600_000;
/** A single machine may have been switched off; two are a pattern, when they are more than one in ten. */
const fewestBad = 2;
/** Why the server itself halts a release. */
const ownReasons: readonly string[] = ['updates-fail', 'updated-machines-silent'];
const worstShare = 0.1;

interface Parts {
  readonly sql: Sql & Transactions;
  readonly blobs: BlobStore;
  readonly audit: Audit;
  readonly verify: Verify;
  readonly trustOf: (organizationId: string) => Promise<TrustState>;
  readonly clock: () => Date;
}

/**
 * Newer agents on their way to healthy machines: never one that approvers did not sign, never an older one, always the
 * same machines first, and no further once machines that took it fall silent or fail.
 */
export class AgentReleases {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The number that the next release must carry. */
  async readNextNumber(organizationId: string): Promise<number> {
    return ((await new AgentReleaseStore(this.#parts.sql).findNewest(organizationId))?.number ?? 0) + 1;
  }

  /** Keeps a release that enough approvers signed, with exactly the bytes that they signed. */
  async publish(
    organizationId: string,
    envelope: Envelope,
    bytes: Uint8Array,
    how: { readonly percent: number; readonly actor: string },
  ): Promise<AgentReleaseDocument> {
    const { sql, blobs, audit, verify, clock } = this.#parts;
    const { trust } = await this.#parts.trustOf(organizationId);
    if (!trust) throw refused('No trust document is published, so nobody can approve an agent yet.');
    const newest = await new AgentReleaseStore(sql).findNewest(organizationId);
    const opened = openAgentRelease(
      envelope,
      { trust, version: newest?.version ?? '0', numberTaken: newest?.number ?? 0 },
      verify,
    );
    if (!opened.ok) throw refused(opened.problem.message);
    const release = opened.document;
    if (
      bytes.length !== release.sizeBytes ||
      createHash('sha256').update(bytes).digest('hex') !== release.sha256
    )
      throw refused('The file is not the agent that was signed.');
    const place = { blobId: blobOf(organizationId, release.sha256), offsetBytes: 0 };
    const staged = await blobs.stage(place, Readable.from([Buffer.from(bytes)]), maxAgentBytes);
    await staged.keep();
    await sql.transaction(async transaction => {
      const store = new AgentReleaseStore(transaction);
      const now = clock();
      const { percent, actor } = how;
      if (!(await store.insert(organizationId, release, { envelope, percent, by: actor, now })))
        throw refused(`Release ${release.number} is published already.`);
      await audit.append(transaction, {
        organizationId,
        actor,
        action: 'agent-release-published',
        subject: `agent-release:${release.number}`,
        detail: { version: release.version, sha256: release.sha256, percent },
      });
    });
    return release;
  }

  /** What a healthy machine is offered, in the transaction that keeps what it told; undefined when it is nothing. */
  async offer(
    sql: Sql,
    { organizationId, deviceId }: DeviceKeyName,
    { agentVersion, release: told }: Pick<Readiness, 'agentVersion' | 'release'>,
  ): Promise<Envelope | undefined> {
    const store = new AgentReleaseStore(sql);
    const now = this.#parts.clock();
    if (told)
      await store.end(organizationId, told.number, deviceId, { state: told.state, code: told.code, now });
    const newest = await store.findNewest(organizationId);
    if (!newest) return undefined;
    const { number, version, percent } = newest;
    if (agentVersion === version)
      await store.end(organizationId, number, deviceId, { state: 'installed', code: undefined, now });
    const isNewer = isVersion(agentVersion) && compareVersions(version, agentVersion) > 0;
    if (!isNewer || newest.state !== 'running' || ringOf(organizationId, deviceId) >= percent)
      return undefined;
    const state = await store.findUpdate(organizationId, number, deviceId);
    if (state === 'failed' || state === 'installed') return undefined;
    if (await this.#mustHalt(sql, organizationId, newest)) return undefined;
    await store.offer(organizationId, number, deviceId, now);
    return newest.envelope;
  }

  /** Halts a release whose machines fall silent or fail; what cannot be counted halts, too. */
  async #mustHalt(sql: Sql, organizationId: string, release: StoredRelease): Promise<boolean> {
    const store = new AgentReleaseStore(sql);
    const locked = await store.lock(organizationId, release.number);
    if (locked?.state !== 'running') return true;
    const counts = await this.#count(store, organizationId, locked, locked.countedFrom);
    const bad = counts.silent + counts.failed;
    if (bad < fewestBad || bad <= worstShare * (bad + counts.installed)) return false;
    const because = counts.failed > counts.silent ? 'updates-fail' : 'updated-machines-silent';
    await store.steer(organizationId, locked.number, { ...locked, state: 'halted', haltedBecause: because });
    await this.#parts.audit.append(sql, {
      organizationId,
      actor: 'server',
      action: 'agent-release-halted',
      subject: `agent-release:${locked.number}`,
      detail: { because, silent: counts.silent, failed: counts.failed, installed: counts.installed },
    });
    return true;
  }

  #count(store: AgentReleaseStore, organizationId: string, { number }: StoredRelease, since: Date) {
    const silentBefore = new Date(this.#parts.clock().getTime() - silentAfterMs);
    return store.count(organizationId, number, { since, silentBefore });
  }

  /** A piece of the release that this machine was offered. */
  async read(
    { organizationId, deviceId }: DeviceKeyName,
    { number, offsetBytes }: AgentReleaseRequest,
  ): Promise<AgentReleasePiece> {
    const { sql, blobs, clock } = this.#parts;
    const store = new AgentReleaseStore(sql);
    const release = await store.findNewest(organizationId);
    const state = await store.findUpdate(organizationId, number, deviceId);
    if (release?.number !== number || release.state !== 'running' || state === undefined)
      throw new Refusal('not-found', `Release ${number} is not offered to this device now.`);
    const reader = blobs.open(blobOf(organizationId, hexOf(release.sha256)), release.sizeBytes);
    try {
      const bytes = reader.read(offsetBytes, maxReleasePieceBytes);
      if (offsetBytes + bytes.length >= release.sizeBytes)
        await store.noteFetched(organizationId, number, deviceId, clock());
      return { version: 1, number, offsetBytes, bytes: base64Of(bytes) };
    } finally {
      reader.close();
    }
  }

  async list(organizationId: string): Promise<AgentReleaseList> {
    const store = new AgentReleaseStore(this.#parts.sql);
    const releases: AgentReleaseRow[] = [];
    for (const release of await store.list(organizationId))
      releases.push(rowOf(release, await this.#count(store, organizationId, release, release.publishedAt)));
    return { releases };
  }

  /** The newest release, when it was halted because machines failed or fell silent, and not by a person. */
  async findHalted(organizationId: string): Promise<Pick<AgentReleaseRow, 'number' | 'version'> | undefined> {
    const newest = await new AgentReleaseStore(this.#parts.sql).findNewest(organizationId);
    if (newest?.state !== 'halted' || !ownReasons.includes(newest.haltedBecause ?? '')) return undefined;
    return { number: newest.number, version: newest.version };
  }

  /** A person changes who is offered a release. Going on after a halt counts from then on. */
  async steer(
    organizationId: string,
    number: number,
    actor: string,
    change: SteerAgentRelease,
  ): Promise<void> {
    await this.#parts.sql.transaction(async sql => {
      const store = new AgentReleaseStore(sql);
      const release = Number.isSafeInteger(number) ? await store.lock(organizationId, number) : undefined;
      if (!release) throw new Refusal('not-found', `There is no release ${number} of the agent.`);
      const { percent, state, haltedBecause, countedFrom } = release;
      const to = { percent, state, haltedBecause, countedFrom };
      const now = this.#parts.clock();
      if (change.kind === 'offer')
        await store.steer(organizationId, number, { ...to, percent: change.percent });
      else if (change.kind === 'halt')
        await store.steer(organizationId, number, { ...to, state: 'halted', haltedBecause: change.reason });
      else
        await store.steer(organizationId, number, {
          percent,
          state: 'running',
          haltedBecause: null,
          countedFrom: now,
        });
      const { kind, ...detail } = change;
      await this.#parts.audit.append(sql, {
        organizationId,
        actor,
        action: `agent-release-${{ offer: 'offered', halt: 'halted', resume: 'resumed' }[kind]}`,
        subject: `agent-release:${number}`,
        detail,
      });
    });
  }
}

/** Where a device stands from 0 to 99, always the same, so that the same machines come first. */
export function ringOf(organizationId: string, deviceId: string): number {
  return createHash('sha256').update(`${organizationId}/${deviceId}`).digest().readUInt32BE(0) % 100;
}

const blobOf = (organizationId: string, sha256: string) => `agent-release/${organizationId}/${sha256}`;

const refused = (message: string) => new Refusal('approval-refused', message);

function rowOf(release: StoredRelease, machines: ReleaseCounts): AgentReleaseRow {
  const { number, version, sizeBytes, state, haltedBecause, percent, publishedBy } = release;
  return {
    number,
    version,
    sizeBytes,
    sha256: hexOf(release.sha256),
    state,
    ...(haltedBecause !== null && { haltedBecause }),
    percent,
    publishedAt: release.publishedAt.toISOString(),
    publishedBy,
    machines,
  };
}
