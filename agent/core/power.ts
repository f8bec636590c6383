import type { ActionClass } from '../../shared/remediation/actions/action-definition.ts';
import type { PowerState } from '../host/host.ts';

/** Below this charge a battery may be empty before a tool that takes twenty minutes is done. */
export const leastPercent = 20;

/**
 * Why nothing that cannot be taken back may begin now; undefined when it may. A machine that does not tell its charge
 * while it runs on battery counts as low.
 */
export function findPowerProblem(
  { source, percent }: PowerState,
  classes: readonly ActionClass[],
): { readonly code: 'battery-low'; readonly message: string } | undefined {
  if (source !== 'battery' || classes.every(one => one === 'reversible')) return undefined;
  if (percent !== undefined && percent >= leastPercent) return undefined;
  const charge = percent === undefined ? 'unknown' : `${percent} %`;
  return {
    code: 'battery-low',
    message: `The battery is at ${charge}; this repair cannot be taken back. Plug the computer in.`,
  };
}
