import { notTranslated } from '../command-definition.ts';
import { messageLine } from '../commands/message.ts';
import { lines } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

const starts =
  /^(?:please |also |then |first,? )*(?:(?:tell|inform|notify|advise|warn|ask|let)\s+(?:\w+\s+){0,3}(?:users?|persons?|people|employees?|customers?|staff|owners?)\b|(?:show|display|print)\s+(?:\w+\s+){0,4}(?:messages?|texts?|sentences?|notes?|users?|screens?)\b)/i;

/** "Tell the user that the repair takes ten minutes." */
export const speakToPerson: ProseStep = clause => {
  const [start] = starts.exec(clause) ?? [];
  if (start === undefined) return undefined;
  const rest = clause.slice(start.length);
  const quoted = /[“"]([^“”"]{1,300})[”"]/.exec(rest)?.[1];
  const said = quoted ?? /(?::|\bthat\b)\s*(.{2,300})$/i.exec(rest)?.[1];
  return said === undefined
    ? notTranslated('It says something to a person and not what. Expected: message "…".')
    : lines([messageLine(said)]);
};
