import { lines } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

/** "Enable boot logging." */
export const switchBootLog: ProseStep = clause => {
  const switched = /\b(enable|turn on|disable|turn off)\b.{0,20}\bboot logging\b/i.exec(clause)?.[1];
  if (switched === undefined) return undefined;
  return lines([
    /^(?:enable|turn on)$/i.test(switched) ? 'set boot option boot log' : 'clear boot option boot log',
  ]);
};
