import type { Facts } from '../facts/facts.ts';
import { compareNumbers, isWithin } from '../facts/range.ts';

/** A build of Windows, with the half-open range of its revisions; without one all of them. */
export interface AffectedBuild {
  readonly build: number;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/**
 * Whether a machine runs a Windows that an issue does not name: known only where the machine told its build and, where
 * that matters, its revision. A rule that fits such a machine asks too little.
 */
export function isOutsideBuilds(builds: readonly AffectedBuild[], facts: Facts): boolean {
  const { 'os.build': build, 'os.revision': revision } = facts;
  if (typeof build !== 'number') return false;
  const named = builds.filter(one => one.build === build);
  if (typeof revision !== 'number') return named.length === 0;
  return !named.some(({ from, until }) => isWithin({ from, until }, revision, compareNumbers));
}
