import type { IncidentState } from '../../../../shared/api/incident.ts';

const isOver = (state: IncidentState) => ['healed', 'healed-by-hand', 'given-up'].includes(state);

/** What stands in place of a cause that is not known. */
export const missingCause = (state: IncidentState): string =>
  state === 'open'
    ? 'Not known yet; the evidence is being read.'
    : 'Not known: no known issue fits this machine.';

/** What stands in place of a remedy that does not exist. */
export function missingRemedy(state: IncidentState): string {
  if (state === 'healed-by-hand') return 'None by Bootmend: somebody repaired the machine.';
  if (isOver(state)) return 'None was carried out.';
  return 'None yet. The machine asks again by itself; until then it stays in recovery, and nothing on it changes.';
}

/** What stands in place of a proof that has not come. */
export function missingProof(state: IncidentState): string {
  if (state === 'healed-by-hand') return 'By word of the person who repaired it.';
  if (state === 'given-up') return 'None: Windows has not reported in since.';
  if (state === 'confirming') return 'Waiting for Windows to report in. Silence counts as a failure.';
  return 'Not yet. Only a report from a started Windows counts.';
}
