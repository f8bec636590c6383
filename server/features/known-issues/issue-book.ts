import { setImmediate as breathe } from 'node:timers/promises';
import { stringify } from 'yaml';
import type {
  BackTestState,
  IssueProposal,
  KnownIssueDetail,
  KnownIssueRow,
} from '../../../shared/api/known-issue.ts';
import { ConditionRanking } from '../../../shared/rules/source/condition-ranking.ts';
import { parseIssue, type ParsedIssue } from '../../../shared/rules/source/parse-issue.ts';

import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { HealthyDevice, HealthyDeviceRead } from '../devices/healthy-device-read.ts';
import type { Remediations } from '../remediations/remediations.ts';
import { silentAfterMs } from './back-tests.ts';
import {
  KnownIssueRead,
  likenessOf,
  type ReadBackTest,
  type ReadVersion,
  type StoredFacts,
} from './known-issue-read.ts';
import { draftSource } from './draft-source.ts';

interface Parts {
  readonly sql: Sql;
  readonly remediations: Pick<Remediations, 'findNewest'>;
  readonly healthy: Pick<HealthyDeviceRead, 'read'>;
  readonly clock: () => Date;
}

const mostCompared = 1000;
/** So many tell a share of a thousandth; all of a large fleet would keep a person waiting. */
const mostHealthy = 4000;
const batch = 500;
const mostRemembered = 2000;

/** Known issues as people read them, and the draft of one from an incident. */
export class IssueBook {
  readonly #parts: Parts;
  readonly #read: KnownIssueRead;
  readonly #parsed = new Map<string, ParsedIssue>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new KnownIssueRead(parts.sql);
  }

  async list(organizationId: string): Promise<KnownIssueRow[]> {
    const machines = new Map(
      (await this.#read.countMachines(organizationId)).map(one => [one.knownIssueId, one]),
    );
    const versions = Map.groupBy(await this.#read.listShown(organizationId), one => one.knownIssueId);
    return [...versions.values()]
      .map(some => this.#rowOf(some, machines.get(some[0]!.knownIssueId)))
      .sort((a, b) => b.machinesDown - a.machinesDown || a.title.localeCompare(b.title, 'en'));
  }

  async get(organizationId: string, knownIssueId: string, version?: number): Promise<KnownIssueDetail> {
    const versions = await this.#read.listVersions(organizationId, knownIssueId);
    const shown = version === undefined ? versions[0] : versions.find(one => one.version === version);
    if (!shown) throw new Refusal('not-found', 'There is no known issue of this name and version.');
    const [machines, backTests, script] = await Promise.all([
      this.#read.countMachines(organizationId),
      this.#read.listBackTests(organizationId, knownIssueId),
      shown.remediationId === null
        ? undefined
        : this.#parts.remediations.findNewest(this.#parts.sql, organizationId, shown.remediationId),
    ]);
    const tests = new Map(backTests.map(one => [one.version, this.#stateOf(one)]));
    return {
      row: this.#rowOf(
        versions,
        machines.find(one => one.knownIssueId === knownIssueId),
      ),
      version: shown.version,
      source: shown.source,
      ...(script && { script: script.text }),
      versions: versions.map(one => ({
        version: one.version,
        state: one.state,
        origin: one.origin,
        author: one.author,
        createdAt: one.createdAt.toISOString(),
        ...(tests.has(one.version) && { backTest: tests.get(one.version) }),
      })),
    };
  }

  /** The facts of every stored incident, in batches. */
  readFacts(organizationId: string, batch: number): AsyncIterable<readonly StoredFacts[]> {
    return this.#read.readFacts(organizationId, batch);
  }

  /** What every healthy machine came up with, in batches. */
  readHealthy(organizationId: string, batch: number): AsyncIterable<readonly HealthyDevice[]> {
    return this.#parts.healthy.read(organizationId, { batch });
  }

  /** The draft of a known issue that would explain an incident, its conditions ranked by how well they split. */
  async propose(organizationId: string, incidentId: string): Promise<IssueProposal> {
    const incident = await this.#read.findFacts(organizationId, incidentId);
    if (!incident) throw new Refusal('not-found', 'There is no incident with this id.');
    const like = await this.#read.listLike(organizationId, incident, mostCompared);
    const ids = new Set([incident.incidentId, ...like.map(one => one.incidentId)]);
    const others = (await this.#read.listNewestFacts(organizationId, mostCompared)).filter(
      one => !ids.has(one.incidentId),
    );
    const failing = like.filter(one => one.incidentId !== incident.incidentId).map(one => one.facts);
    const ranking = new ConditionRanking([incident.facts, ...failing]);
    ranking.add(
      'others',
      others.map(one => one.facts),
    );
    const healthy = this.#parts.healthy.read(organizationId, { batch, most: mostHealthy });
    for await (const devices of healthy) {
      ranking.add(
        'healthy',
        devices.map(one => one.facts),
      );
      await breathe();
    }
    const conditions = ranking.rank();
    return {
      failing: failing.length + 1,
      healthy: ranking.size('healthy'),
      others: others.length,
      conditions: conditions.map(({ sentence, failing: held, healthy: well, others: wrong, isChosen }) => ({
        sentence,
        failing: held,
        healthy: well,
        others: wrong,
        isChosen,
      })),
      source: stringify(
        draftSource(
          incident,
          conditions.filter(one => one.isChosen).map(one => one.source),
          { likeness: likenessOf(incident.facts), now: this.#parts.clock() },
        ),
        { lineWidth: 110, singleQuote: true },
      ),
    };
  }

  #rowOf(
    versions: readonly ReadVersion[],
    machines: { readonly down: number; readonly all: number } | undefined,
  ): KnownIssueRow {
    const newest = versions[0]!;
    const inForce = versions.find(one => one.state === 'published');
    const shown = inForce ?? newest;
    const { issue } = this.#parse(shown);
    return {
      knownIssueId: newest.knownIssueId,
      title: issue?.title ?? newest.knownIssueId,
      vendor: issue?.vendor ?? '',
      product: issue?.product ?? '',
      cause: issue?.cause ?? 'This version cannot be read.',
      firstSeenAt: issue?.firstSeenAt ?? '',
      policy: issue?.policy ?? 'never',
      priority: issue?.priority ?? 0,
      confidence: issue?.confidence ?? 'low',
      origin: versions.some(one => one.origin === 'own' && one.state === 'published') ? 'own' : shown.origin,
      ...(inForce && { inForce: inForce.version }),
      newest: newest.version,
      newestState: newest.state,
      hasScript: shown.remediationId !== null,
      machinesDown: machines?.down ?? 0,
      machines: machines?.all ?? 0,
    };
  }

  /** A version never changes, so it is read once. */
  #parse({ knownIssueId, version, source }: ReadVersion): ParsedIssue {
    const name = `${knownIssueId} ${version}`;
    const known = this.#parsed.get(name);
    if (known) return known;
    if (this.#parsed.size >= mostRemembered) this.#parsed.clear();
    const parsed = parseIssue(source);
    this.#parsed.set(name, parsed);
    return parsed;
  }

  #stateOf({ state, done, total, trial, startedAt, changedAt }: ReadBackTest): BackTestState {
    const isCutOff =
      state === 'running' && this.#parts.clock().getTime() - changedAt.getTime() > silentAfterMs;
    return {
      state: isCutOff ? 'failed' : state,
      done,
      total,
      startedAt: startedAt.toISOString(),
      ...(trial && { trial }),
    };
  }
}
