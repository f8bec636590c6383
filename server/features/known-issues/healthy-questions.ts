import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import { distinctProbes } from '../../../shared/rules/probes.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Probe } from '../../../shared/wire/answer.ts';
import type { Sql } from '../../db/sql.ts';
import { KnownIssueRead } from './known-issue-read.ts';

const lookAgainAfterMs = 60_000;
const mostModules = 6;

/**
 * What healthy machines should tell of their next start, so that they can be compared: the drivers that crash others
 * now, and whatever the organization's own known issues ask, drafts included. The same questions as to a machine that
 * fails, under the same bounds.
 */
export class HealthyQuestions {
  readonly #read: KnownIssueRead;
  readonly #clock: () => Date;
  readonly #known = new Map<
    string,
    { readonly probes: Promise<readonly Probe[]>; readonly untilMs: number }
  >();

  constructor({ sql, clock }: { sql: Sql; clock: () => Date }) {
    this.#read = new KnownIssueRead(sql);
    this.#clock = clock;
  }

  list(organizationId: string): Promise<readonly Probe[]> {
    const nowMs = this.#clock().getTime();
    const known = this.#known.get(organizationId);
    if (known && known.untilMs > nowMs) return known.probes;
    const probes = this.#list(organizationId);
    this.#known.set(organizationId, { probes, untilMs: nowMs + lookAgainAfterMs });
    probes.catch(() => this.#known.delete(organizationId));
    return probes;
  }

  async #list(organizationId: string): Promise<readonly Probe[]> {
    const [modules, versions] = await Promise.all([
      this.#read.listCrashModules(organizationId, mostModules),
      this.#read.listShown(organizationId),
    ]);
    const drivers = modules.flatMap((module): Probe[] => {
      const driver = /^([A-Za-z0-9_.-]{1,64})\.sys$/.exec(module)?.[1];
      return driver === undefined ? [] : [{ kind: 'driver-version', driver }];
    });
    const own = versions
      .filter(one => one.origin === 'own' && one.state !== 'withdrawn')
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    const asked = own.flatMap(({ source }) => {
      const { rule } = parseIssue(source);
      // With no facts at all everything is unknown, so this is everything it would ask.
      return rule ? evaluateRule(rule, {}).probes : [];
    });
    return distinctProbes([...drivers, ...asked]);
  }
}
