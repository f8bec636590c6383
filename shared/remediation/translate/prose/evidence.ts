import { notNeeded, notTranslated } from '../command-definition.ts';
import { findEvidence } from '../../evidence-names.ts';
import { collectLines, everyEvidence } from '../collect-lines.ts';
import type { ProseStep } from './prose-step.ts';

const asks =
  /^(?:please |also |next,? |first,? )*(?:collect|gather|send|upload|attach|provide|share|export|capture|submit|obtain|include|save|copy|get)\b/i;
const asksForEvidence =
  /^(?:please |also |next,? |first,? )*(?:collect|gather|upload|attach|submit|capture)\b/i;

/** "Collect the boot log and send it to support." */
export const askForEvidence: ProseStep = clause => {
  if (!asks.test(clause)) return undefined;
  const kinds = findEvidence(clause);
  if (kinds.length > 0) return collectLines(kinds);
  if (/^\w+ (?:it|them|this|these)\b/i.test(clause))
    return notNeeded('What is collected is sent with the report of the attempt.');
  return asksForEvidence.test(clause)
    ? notTranslated(`A script collects no such thing. It can collect: ${everyEvidence}.`)
    : undefined;
};
