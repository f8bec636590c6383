import type { DeviceState } from '../../../shared/api/device.ts';

/** The word of each state of a machine's enrolment. */
export const deviceWords: Readonly<Record<DeviceState, string>> = {
  active: 'Enrolled',
  pending: 'Waits to be accepted',
  retired: 'Retired',
};

/** How ready a machine is, in words beside its score. */
export function readinessWord(score: number | undefined): string {
  if (score === undefined) return 'never told';
  if (score >= 80) return 'ready';
  return score >= 50 ? 'partly ready' : 'not ready';
}
