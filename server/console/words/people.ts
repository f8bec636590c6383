/** Who did something, as a person says it: an account by its name, everything else as it stands in the audit log. */
export const personOf = (actor: string): string => actor.replace(/^account:/, '');
