import type { RuleTrial, TriedDevice, TriedIncident } from '../../../shared/api/known-issue.ts';
import type { Script } from '../../../shared/remediation/syntax-tree.ts';
import { simulateScript } from '../../../shared/remediation/simulate/simulate-script.ts';
import { type AffectedBuild, isOutsideBuilds } from '../../../shared/rules/affected-builds.ts';
import { BackTest, type BackTestExample } from '../../../shared/rules/back-test.ts';
import type { CompiledRule } from '../../../shared/rules/compiled-rule.ts';
import { evaluateRule } from '../../../shared/rules/evaluate-rule.ts';
import type { HealthyDevice } from '../devices/healthy-device-read.ts';
import { explainedConditions } from './explained-conditions.ts';
import type { StoredFacts } from './known-issue-read.ts';

/** As many as a back-test explains. */
const mostNamed = 5;

interface TriedWith {
  readonly script?: Script | undefined;
  readonly builds?: readonly AffectedBuild[] | undefined;
}

/** Tries a rule, and its script, on incidents and on healthy machines that are handed in batch by batch. */
export class RuleTry {
  readonly #rule: CompiledRule;
  readonly #script: Script | undefined;
  readonly #builds: readonly AffectedBuild[] | undefined;
  readonly #test: BackTest;
  readonly #healthy: BackTest;
  readonly #nameOf = new Map<string, string>();
  #wouldRun = 0;
  #outsideBuilds = 0;
  #explainedOtherwise = 0;

  constructor(rule: CompiledRule, { script, builds }: TriedWith = {}) {
    this.#rule = rule;
    this.#script = script;
    this.#builds = builds;
    this.#test = new BackTest(rule);
    this.#healthy = new BackTest(rule);
  }

  add(incidents: readonly StoredFacts[]): void {
    for (const { incidentId, code, facts, knownIssueId } of incidents) {
      const before = this.#test.matched;
      this.#test.add({ id: `${incidentId} ${code}`, facts });
      if (this.#test.matched === before) continue;
      if (this.#builds && isOutsideBuilds(this.#builds, facts)) this.#outsideBuilds++;
      if (knownIssueId !== null && knownIssueId !== this.#rule.id) this.#explainedOtherwise++;
      if (this.#script && simulateScript(this.#script, { kind: 'facts', facts }).outcome === 'would-run')
        this.#wouldRun++;
    }
  }

  addHealthy(devices: readonly HealthyDevice[]): void {
    for (const { deviceId, name, facts } of devices) {
      const before = this.#healthy.matched;
      this.#healthy.add({ id: deviceId, facts });
      if (this.#healthy.matched > before && this.#nameOf.size < mostNamed) this.#nameOf.set(deviceId, name);
    }
  }

  get trial(): RuleTrial {
    const { records, rules } = this.#test.result;
    const [own] = rules;
    const { matched = 0, nearMisses = 0, unknown = 0 } = own ?? {};
    const tried = ({ id, evaluation }: BackTestExample): TriedIncident => {
      const [incidentId = '', code = ''] = id.split(' ');
      return { incidentId, code, conditions: explainedConditions(evaluation) };
    };
    return {
      incidents: records,
      matched,
      nearMisses,
      unknown,
      ...(this.#script && { wouldRun: this.#wouldRun }),
      ...(this.#builds && { outsideBuilds: this.#outsideBuilds }),
      explainedOtherwise: this.#explainedOtherwise,
      examples: {
        matched: own?.examples.matched.map(tried) ?? [],
        near: own?.examples.near.map(tried) ?? [],
        unknown: own?.examples.unknown.map(tried) ?? [],
      },
      healthy: this.#healthyTrial,
    };
  }

  get #healthyTrial(): RuleTrial['healthy'] {
    const { records, rules } = this.#healthy.result;
    const [own] = rules;
    const tried = ({ id, evaluation }: BackTestExample): TriedDevice => ({
      deviceId: id,
      name: this.#nameOf.get(id) ?? id,
      conditions: explainedConditions(evaluation),
    });
    return {
      devices: records,
      matched: own?.matched ?? 0,
      unknown: own?.unknown ?? 0,
      examples: own?.examples.matched.map(tried) ?? [],
    };
  }
}

/** A rule on one incident, with every reason. */
export function explainOn(rule: CompiledRule, { incidentId, code, facts }: StoredFacts) {
  const evaluation = evaluateRule(rule, facts);
  return { incidentId, code, verdict: evaluation.verdict, conditions: explainedConditions(evaluation) };
}
