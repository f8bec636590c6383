import type { RemediationReach } from './remediation.ts';

/** Which machines would do nothing with a script, in sentences: the first says how many, the others why and which. */
export function sayReach({ machines, refusals, unknown }: RemediationReach): readonly string[] {
  const refusing = refusals.reduce((sum, one) => sum + one.machines, 0);
  return [
    refusing === 0
      ? `As far as they told, none of ${machines} machines would refuse it.`
      : `${refusing} of ${machines} machines would do nothing with it, by what they last told.`,
    ...refusals.map(({ machines: count, names, sentence }) => `${sayNames(names, count)}: ${sentence}`),
    ...(unknown.machines > 0
      ? [`${sayNames(unknown.names, unknown.machines)}: never told what this depends on.`]
      : []),
  ];
}

/** The first names, and how many more there are. */
export function sayNames(names: readonly string[], count: number): string {
  const more = count - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
