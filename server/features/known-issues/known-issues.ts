import type { Facts } from '../../../shared/facts/facts.ts';
import { compileRules, type RuleSet } from '../../../shared/rules/compile-rules.ts';
import type { CompiledRule } from '../../../shared/rules/compiled-rule.ts';
import type { AuthoredRule } from '../../../shared/rules/find-conflicts.ts';
import { type Match, matchRules } from '../../../shared/rules/match-rules.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';
import type { Sql } from '../../db/sql.ts';
import type { Log } from '../../logging/log.ts';
import { explainedConditions } from './explained-conditions.ts';
import type { IssueMatcher, IssueVerdict } from './issue-verdict.ts';
import { KnownIssueStore, type PublishedIssue } from './known-issue-store.ts';

/** How long a version that another server process published may go unseen. */
const lookAgainAfterMs = 15_000;
/** What a person wants to see of the rules that nearly fit, and as many are asked about. */
export const mostOthers = 5;

/** A rule in force whose remedy needs no person. */
export interface AutomaticIssue {
  readonly rule: CompiledRule;
  readonly remediationId: string;
}

interface IssuesInForce {
  readonly fingerprint: string;
  readonly rules: RuleSet;
  readonly byId: ReadonlyMap<string, PublishedIssue>;
  readonly lookAgainAtMs: number;
}

/** The known issues in force, compiled once and again when a version changes. */
export class KnownIssues implements IssueMatcher {
  readonly #store: KnownIssueStore;
  readonly #log: Log;
  readonly #clock: () => Date;
  readonly #inForce = new Map<string, IssuesInForce>();
  readonly #loading = new Map<string, Promise<IssuesInForce>>();

  constructor({ sql, log, clock }: { sql: Sql; log: Log; clock: () => Date }) {
    this.#store = new KnownIssueStore(sql);
    this.#log = log;
    this.#clock = clock;
  }

  async match(organizationId: string, facts: Facts): Promise<readonly IssueVerdict[]> {
    const { rules, byId } = await this.#current(organizationId);
    const result = matchRules(rules, facts, mostOthers);
    const verdicts = (some: readonly Match[], verdict: IssueVerdict['verdict']) =>
      some.map(match => verdictOf(match, verdict, byId.get(match.rule.id)!));
    if (result.matches.length > 0) return verdicts(result.matches, 'matched');
    return [...verdicts(result.unknown, 'unknown'), ...verdicts(result.nearMisses, 'near')];
  }

  /** The issues that machines may be healed of without asking a person, as compiled rules. */
  async listAutomatic(organizationId: string): Promise<readonly AutomaticIssue[]> {
    const { rules, byId } = await this.#current(organizationId);
    return rules.rules.flatMap(({ rule }) => {
      const { policy, remediationId } = byId.get(rule.id)!;
      return policy === 'automatic' && remediationId !== null ? [{ rule, remediationId }] : [];
    });
  }

  /** The rules in force with what each does, for authors whose rule must find its place among them. */
  async listAuthored(organizationId: string): Promise<readonly AuthoredRule[]> {
    const { rules, byId } = await this.#current(organizationId);
    return rules.rules.map(({ rule }) => ({
      rule,
      remediation: byId.get(rule.id)!.remediationId ?? `advice of ${rule.id}`,
    }));
  }

  /** Changes whenever a version is added, published or withdrawn. */
  async fingerprint(organizationId: string): Promise<string> {
    return (await this.#current(organizationId)).fingerprint;
  }

  /** Reads the versions again now; call it after one was published or withdrawn. */
  async refresh(organizationId: string): Promise<void> {
    this.#inForce.delete(organizationId);
    await this.#current(organizationId);
  }

  async #current(organizationId: string): Promise<IssuesInForce> {
    const known = this.#inForce.get(organizationId);
    if (known && known.lookAgainAtMs > this.#clock().getTime()) return known;
    const loading = this.#loading.get(organizationId) ?? this.#load(organizationId, known);
    this.#loading.set(organizationId, loading);
    try {
      return await loading;
    } finally {
      this.#loading.delete(organizationId);
    }
  }

  async #load(organizationId: string, known: IssuesInForce | undefined): Promise<IssuesInForce> {
    const lookAgainAtMs = this.#clock().getTime() + lookAgainAfterMs;
    const fingerprint = await this.#store.readFingerprint(organizationId);
    const issues =
      known?.fingerprint === fingerprint
        ? { ...known, lookAgainAtMs }
        : { fingerprint, lookAgainAtMs, ...this.#compile(await this.#store.listPublished(organizationId)) };
    this.#inForce.set(organizationId, issues);
    return issues;
  }

  #compile(published: readonly PublishedIssue[]): Pick<IssuesInForce, 'rules' | 'byId'> {
    const rules: CompiledRule[] = [];
    const byId = new Map<string, PublishedIssue>();
    for (const issue of published) {
      const { rule, diagnostics } = parseIssue(issue.source);
      if (rule?.id === issue.knownIssueId) {
        rules.push(rule);
        byId.set(rule.id, issue);
        continue;
      }
      // A rule that cannot be read matches nothing.
      const { knownIssueId, version } = issue;
      this.#log.error('known issue cannot be read', {
        knownIssueId,
        version,
        problem: diagnostics[0]?.message ?? 'it names another id',
      });
    }
    return { rules: compileRules(rules), byId };
  }
}

function verdictOf(match: Match, verdict: IssueVerdict['verdict'], issue: PublishedIssue): IssueVerdict {
  return {
    knownIssueId: match.rule.id,
    version: issue.version,
    title: issue.title,
    policy: issue.policy,
    remediationId: issue.remediationId ?? undefined,
    verdict,
    ...(verdict === 'matched' && { conditions: explainedConditions(match.evaluation) }),
    probes: verdict === 'unknown' ? match.probes : [],
  };
}
