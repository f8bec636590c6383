/** Why a machine would do nothing with a script, as far as that shows before it is asked. */
export const refusalReasons = ['program-not-allowed', 'windows-does-not-fit', 'agent-too-old'] as const;
export type RefusalReason = (typeof refusalReasons)[number];
