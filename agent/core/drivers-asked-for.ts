import type { Condition } from '../../shared/remediation/condition-tree.ts';
import type { Script } from '../../shared/remediation/syntax-tree.ts';

/** Drivers whose version a script asks about: a guard must not stay unknown only because nobody looked. */
export function listDriversAskedFor({ guards, proofs }: Script): string[] {
  const drivers = [...guards, ...proofs].flatMap(({ condition }) => driversOf(condition));
  return [...new Set(drivers)];
}

function driversOf(condition: Condition): string[] {
  if (condition.kind === 'any' || condition.kind === 'all')
    return condition.conditions.flatMap(line => driversOf(line.condition));
  return condition.kind === 'driver-version' ? [condition.driver] : [];
}
