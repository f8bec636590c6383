import { type RemediationState, remediationStates } from '../../../../shared/api/remediation-state.ts';

/** What the address of the list says. */
export interface RemediationsSearch {
  readonly state?: RemediationState;
  readonly search?: string;
}

/** Reads the address; what makes no sense is left out. */
export function parseRemediationsSearch(search: Record<string, unknown>): RemediationsSearch {
  const state = remediationStates.find(one => one === search['state']);
  const text = ['string', 'number'].includes(typeof search['search']) ? String(search['search']) : '';
  return {
    ...(state === undefined ? {} : { state }),
    ...(text === '' ? {} : { search: text.slice(0, 200) }),
  };
}
