import { setImmediate as breathe } from 'node:timers/promises';
import type { RuleTrial } from '../../../shared/api/known-issue.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Sql } from '../../db/sql.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Log } from '../../logging/log.ts';
import type { HealthyDeviceRead } from '../devices/healthy-device-read.ts';
import type { Remediations } from '../remediations/remediations.ts';
import { BackTestStore } from './back-test-store.ts';
import { KnownIssueRead, type ReadVersion } from './known-issue-read.ts';
import { RuleTry } from './try-rule.ts';

interface Parts {
  readonly sql: Sql;
  readonly remediations: Pick<Remediations, 'findNewest'>;
  readonly healthy: Pick<HealthyDeviceRead, 'countAtMost' | 'read'>;
  readonly log: Log;
  readonly clock: () => Date;
}

const batch = 500;
/** A test that says nothing for so long was cut off, as by a restart of the server. */
export const silentAfterMs = 60_000;

/** Tries a version on every stored incident and every healthy machine, in batches between which requests are answered. */
export class BackTests {
  readonly #parts: Parts;
  readonly #read: KnownIssueRead;
  readonly #store: BackTestStore;
  readonly #running = new Set<Promise<void>>();
  #isStopping = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#read = new KnownIssueRead(parts.sql);
    this.#store = new BackTestStore(parts.sql);
  }

  /** Starts one; it goes on after the answer, and its progress and result stay with the version. */
  async start(organizationId: string, knownIssueId: string, version: number): Promise<void> {
    const versions = await this.#read.listVersions(organizationId, knownIssueId);
    const wanted = versions.find(one => one.version === version);
    if (!wanted) throw new Refusal('not-found', 'There is no such version of a known issue.');
    const now = this.#parts.clock();
    const [incidents, devices] = await Promise.all([
      this.#read.countIncidents(organizationId),
      this.#parts.healthy.countAtMost(organizationId),
    ]);
    const total = incidents + devices;
    const silentSince = new Date(now.getTime() - silentAfterMs);
    if (!(await this.#store.begin(organizationId, { knownIssueId, version, total, now, silentSince })))
      return;
    const running = this.#run(organizationId, wanted).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until nothing is tried any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.settle();
  }

  async #run(organizationId: string, wanted: ReadVersion): Promise<void> {
    const { knownIssueId, version } = wanted;
    const name = { knownIssueId, version };
    const { clock, log } = this.#parts;
    try {
      const trial = await this.#try(organizationId, wanted);
      await this.#store.end(organizationId, {
        ...name,
        state: trial ? 'finished' : 'failed',
        trial,
        now: clock(),
      });
    } catch (error) {
      log.error('back-test failed', name, error);
      await this.#store
        .end(organizationId, { ...name, state: 'failed', trial: undefined, now: clock() })
        .catch(() => undefined);
    }
  }

  async #try(organizationId: string, wanted: ReadVersion): Promise<RuleTrial | undefined> {
    const { knownIssueId, version, remediationId } = wanted;
    const { rule, issue } = parseIssue(wanted.source);
    if (!rule) return undefined;
    const stored =
      remediationId === null
        ? undefined
        : await this.#parts.remediations.findNewest(this.#parts.sql, organizationId, remediationId);
    const tried = new RuleTry(rule, {
      script: stored && checkScript(stored.text).script,
      builds: issue?.affectedBuilds,
    });
    let done = 0;
    const counted = async (records: number) => {
      done += records;
      await this.#store.progress(organizationId, { knownIssueId, version, done, now: this.#parts.clock() });
      await breathe();
    };
    for await (const incidents of this.#read.readFacts(organizationId, batch)) {
      if (this.#isStopping) return undefined;
      tried.add(incidents);
      await counted(incidents.length);
    }
    for await (const devices of this.#parts.healthy.read(organizationId, { batch })) {
      if (this.#isStopping) return undefined;
      tried.addHealthy(devices);
      await counted(devices.length);
    }
    return tried.trial;
  }
}
