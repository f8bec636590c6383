import type { ConditionExplanation } from '../../../shared/api/incident.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { compileRules, type RuleSet } from '../../../shared/rules/compile-rules.ts';
import type { Outcome } from '../../../shared/rules/decision-table.ts';
import { viewFacts } from '../../../shared/rules/fact-view.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Sql } from '../../db/sql.ts';
import { explainedConditions } from './explained-conditions.ts';
import { KnownIssueRead } from './known-issue-read.ts';

/** One version of a known issue. */
export interface NamedVersion {
  readonly knownIssueId: string;
  readonly version: number;
}

export interface ExplainedVersion extends NamedVersion {
  readonly outcome: Outcome;
  readonly conditions: readonly ConditionExplanation[];
}

/** Versions never change, so one that was read once is read for good; more than so many are forgotten again. */
const mostRemembered = 500;

/**
 * Says of versions of known issues what they come to on the facts of a machine, and why, with the code that matched it.
 * Check-ins keep no reasons of near misses and open questions: few are ever read, and the facts are kept.
 */
export class IssueExplainer {
  readonly #read: KnownIssueRead;
  readonly #rules = new Map<string, RuleSet>();

  constructor(sql: Sql) {
    this.#read = new KnownIssueRead(sql);
  }

  /** In the same order; one that cannot be read is left out. */
  async explain(
    organizationId: string,
    versions: readonly NamedVersion[],
    facts: Facts,
  ): Promise<readonly ExplainedVersion[]> {
    const missing = versions.filter(one => !this.#rules.has(keyOf(organizationId, one)));
    if (missing.length > 0) await this.#remember(organizationId, missing);
    const view = viewFacts(facts);
    return versions.flatMap(one => {
      const set = this.#rules.get(keyOf(organizationId, one));
      if (!set) return [];
      const conditions = explainedConditions(set.rules[0]!.explain(view));
      return [{ ...one, outcome: set.decisions.outcomeOf(0, view), conditions }];
    });
  }

  async #remember(organizationId: string, versions: readonly NamedVersion[]): Promise<void> {
    if (this.#rules.size + versions.length > mostRemembered) this.#rules.clear();
    for (const found of await this.#read.listSources(organizationId, versions)) {
      const { rule } = parseIssue(found.source);
      if (rule) this.#rules.set(keyOf(organizationId, found), compileRules([rule]));
    }
  }
}

const keyOf = (organizationId: string, { knownIssueId, version }: NamedVersion) =>
  `${organizationId} ${knownIssueId} ${version}`;
