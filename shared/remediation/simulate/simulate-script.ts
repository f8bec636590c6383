import type { Facts } from '../../facts/facts.ts';
import { type Verdict, verdictOfAll } from '../../facts/verdict.ts';
import type { VolumeView } from '../../facts/volume-view.ts';
import { definitionOfAction } from '../action-table.ts';
import { decideCondition } from '../decide-condition.ts';
import { explainCondition } from '../explain-script.ts';
import { isNotice } from '../notices.ts';
import { OfflineRegistry } from '../offline-registry.ts';
import type { PlannedStep, PlanResult, ProofFinding } from '../plan.ts';
import { planScript } from '../plan-script.ts';
import { actionsOf, type Script } from '../syntax-tree.ts';
import { verifyPlan } from '../verify-plan.ts';
import { type Difference, listDifferences } from './difference.ts';
import { FactsVolume } from './facts-volume.ts';
import { PlannedVolume } from './planned-volume.ts';

/** Where a script is tried: on a volume, with facts that were drawn from it, or on recorded facts alone. */
export type Ground =
  | { readonly kind: 'volume'; readonly volume: VolumeView; readonly facts: Facts }
  | { readonly kind: 'facts'; readonly facts: Facts };

/**
 * How it would end. `would-run`: the plan stands and its checks would hold. `would-be-undone`: the plan stands and a
 * check would not hold afterwards. `unknown`: what is recorded does not decide it.
 */
export const simulationOutcomes = [
  'would-run',
  'would-be-undone',
  'not-applicable',
  'nothing-to-do',
  'refused',
  'unknown',
] as const;
export type SimulationOutcome = (typeof simulationOutcomes)[number];

/** A line with what it came to, in a plain sentence. */
export interface SimulatedLine {
  readonly line: number;
  readonly verdict: Verdict;
  /** What the line asks or does. */
  readonly sentence: string;
  /** What was found. */
  readonly reason: string;
}

/** What a script would do, and that nothing was done. */
export interface Simulation {
  readonly outcome: SimulationOutcome;
  /** Code and line of the plan when it does not stand. */
  readonly code?: string;
  readonly line?: number;
  readonly sentence: string;
  readonly guards: readonly SimulatedLine[];
  readonly steps: readonly { readonly line: number; readonly sentence: string; readonly changes: number }[];
  readonly differences: readonly Difference[];
  /** What `verify` would find afterwards, each step first. */
  readonly proofs: readonly SimulatedLine[];
  readonly reboot: boolean;
  readonly tell?: string;
  /** What the recorded facts do not tell, as paths; empty on a volume. */
  readonly unknownPlaces: readonly string[];
}

/** Plans a script as the agent would and says what would be different. It changes nothing. */
export function simulateScript(script: Script, ground: Ground): Simulation {
  const recorded = ground.kind === 'facts' ? new FactsVolume(ground.facts) : undefined;
  const volume = recorded ?? (ground.kind === 'volume' ? ground.volume : undefined)!;
  const { facts } = ground;
  const plan = planScript(script, volume, facts);
  const registry = new OfflineRegistry(volume);
  const guards = script.guards.map(({ line, condition }): SimulatedLine => {
    const { verdict, reason } = decideCondition(condition, { volume, facts, registry });
    return { line, verdict, sentence: `Applies only if ${explainCondition(condition)}.`, reason };
  });
  const steps = plan.kind === 'plan' ? plan.steps : [];
  const after = new PlannedVolume(
    volume,
    steps.flatMap(step => step.changes),
  );
  const findings =
    plan.kind === 'plan' ? foresee(verifyPlan(script, after, facts, steps).findings, steps) : [];
  const unknownPlaces = recorded?.openPaths ?? [];
  const foreseen = findings.filter(finding => finding.isForeseen).map(({ verdict }) => verdict);
  const outcome = outcomeOf(plan, foreseen.length === 0 ? 'held' : verdictOfAll(foreseen), recorded);
  const tell = script.about?.tell?.value;
  return {
    outcome,
    ...(plan.kind !== 'plan' && { code: plan.code, line: plan.line }),
    sentence: sayOutcome(outcome, plan, unknownPlaces.length > 0),
    guards,
    steps: actionsOf(script).map(action => ({
      line: action.line,
      sentence: definitionOfAction(action).explain(action),
      changes: steps.find(step => step.line === action.line)?.changes.length ?? 0,
    })),
    differences: listDifferences(steps, volume, after),
    proofs: findings.map(({ line, verdict, reason }) => ({
      line,
      verdict,
      sentence: sentenceOf(script, line),
      reason,
    })),
    reboot: script.reboot !== undefined,
    ...(tell !== undefined && { tell }),
    unknownPlaces,
  };
}

type ForeseenFinding = ProofFinding & { readonly isForeseen: boolean };

/** Nothing is run here, so what a tool leaves on the volume is open: the agent asks the volume when the tool is done. */
const foresee = (
  findings: readonly ProofFinding[],
  steps: readonly PlannedStep[],
): readonly ForeseenFinding[] => {
  const runsProgram = steps.some(step =>
    step.changes.some(change => change.kind === 'run-tool' && change.run.tool === 'program'),
  );
  return findings.map(finding => {
    const own = steps.find(step => step.line === finding.line);
    const isHeld = finding.verdict === 'held';
    // What a tool that speaks for itself has to mend still shows on the volume; what a program does is anybody's guess.
    const isOpen = own
      ? own.changes.some(change => change.kind === 'run-tool' && (change.proof === 'volume' || !isHeld))
      : runsProgram && !isHeld;
    return isOpen
      ? { line: finding.line, verdict: 'unknown', reason: leftToTheTool, isForeseen: false }
      : { ...finding, isForeseen: true };
  });
};
const leftToTheTool = 'A tool does it. The agent looks at the volume when it is done.';

/** Reasons that come of what was not recorded, and not of the machine. */
const unrecorded: ReadonlySet<string> = new Set([
  'guard-unknown',
  'unreadable-folder',
  'unknown-version',
  'quarantine-unknown',
  'registry-unknown',
  'registry-not-editable',
  'servicing-unknown',
]);

/** Reasons that say that something is not there, or not as it must be; where it was not recorded, they say nothing. */
const ofWhatIsThere: ReadonlySet<string> = new Set([
  'no-match',
  'not-a-file',
  'not-a-folder',
  'backup-not-usable',
  'source-does-not-fit',
  'program-missing',
  'driver-not-ready',
]);

function outcomeOf(plan: PlanResult, proof: Verdict, recorded: FactsVolume | undefined): SimulationOutcome {
  // On a machine a check that cannot be made is a check that does not hold.
  if (plan.kind === 'plan')
    return proof === 'failed' || (proof === 'unknown' && !recorded) ? 'would-be-undone' : 'would-run';
  if (!recorded) return plan.kind;
  const isOpen = plan.kind === 'nothing-to-do' && recorded.openPaths.length > 0;
  const isUnseen = recorded.isMissed && ofWhatIsThere.has(plan.code);
  return isOpen || isUnseen || unrecorded.has(plan.code) ? 'unknown' : plan.kind;
}

function sayOutcome(outcome: SimulationOutcome, plan: PlanResult, isPartly: boolean): string {
  if (plan.kind === 'plan') {
    const count = plan.steps.reduce(
      (sum, step) => sum + step.changes.filter(change => !isNotice(change)).length,
      0,
    );
    const things = count === 0 ? 'nothing' : count === 1 ? 'one thing' : `${count} things`;
    if (outcome === 'would-be-undone')
      return `It would change ${things}, then find that a check does not hold, and take everything back.`;
    const what = `It would run and change ${things}${plan.reboot ? ', then restart the machine' : ''}.`;
    return isPartly ? `${what} The recorded facts do not tell all: there may be more.` : what;
  }
  const isRegistry = outcome === 'unknown' && plan.code === 'registry-unknown';
  const because = isRegistry ? 'The registry itself is not recorded.' : plan.reason;
  switch (outcome) {
    case 'unknown':
      return `The recorded facts do not decide it. ${because}`;
    case 'not-applicable':
      return plan.code === 'guard-unknown'
        ? `It would not apply, since something it asks is not known. ${because}`
        : `It would not apply here. ${because}`;
    case 'nothing-to-do':
      return `It would do nothing. ${because}`;
    case 'refused':
      return `It would be refused whole, and nothing would change. ${because}`;
    case 'would-run':
    case 'would-be-undone':
      return because;
    default:
      return outcome satisfies never;
  }
}

function sentenceOf(script: Script, line: number): string {
  const proof = script.proofs.find(one => one.line === line);
  if (proof) return `Afterwards checks that ${explainCondition(proof.condition)}.`;
  const action = actionsOf(script).find(one => one.line === line);
  return action ? definitionOfAction(action).explain(action) : '';
}
