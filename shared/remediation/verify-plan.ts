import type { Facts } from '../facts/facts.ts';
import { foldName } from '../facts/glob.ts';
import { verdictOfAll } from '../facts/verdict.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { definitionOfAction } from './action-table.ts';
import { decideCondition } from './decide-condition.ts';
import { OfflineRegistry } from './offline-registry.ts';
import { clipReason, type PlannedStep, type ProofFinding, type ProofResult } from './plan.ts';
import { actionsOf, type Script } from './syntax-tree.ts';

/**
 * Looks whether everything a script promised is true after it was applied: each step by its own proof, then the
 * `verify` lines. With the planned steps each renamed file is also recognised by size and time.
 */
export function verifyPlan(
  script: Script,
  volume: VolumeView,
  facts: Facts,
  steps: readonly PlannedStep[] = [],
): ProofResult {
  const registry = new OfflineRegistry(volume);
  const findings: ProofFinding[] = [];
  const filledLater = new Set<string>();
  for (const action of actionsOf(script).toReversed()) {
    const changes = steps.find(step => step.line === action.line)?.changes ?? [];
    const { verdict, reason } = definitionOfAction(action).prove(action, {
      volume,
      registry,
      filledLater,
      changes,
    });
    findings.unshift({ line: action.line, verdict, reason: clipReason(reason) });
    for (const { toPath } of changes) if (toPath !== undefined) filledLater.add(foldName(toPath));
  }
  for (const { line, condition } of script.proofs) {
    const { verdict, reason } = decideCondition(condition, { volume, facts, registry });
    findings.push({ line, verdict, reason: clipReason(reason) });
  }
  return { verdict: verdictOfAll(findings.map(finding => finding.verdict)), findings };
}
