/** Where a remediation stands. Apart from the rest, so that an address can be read without the whole language. */
export const remediationStates = ['draft', 'waiting', 'in-force', 'withdrawn'] as const;
export type RemediationState = (typeof remediationStates)[number];
