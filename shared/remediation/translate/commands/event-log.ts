import { type CommandDefinition, notNeeded, notTranslated } from '../command-definition.ts';
import { collectLines } from '../collect-lines.ts';

/** `wevtutil epl System FILE`. */
export const eventLogCommand: CommandDefinition = {
  names: ['wevtutil'],
  example: String.raw`wevtutil epl System C:\temp\system.evtx`,
  translate([verb = '', log = '']) {
    if (/^(?:cl|clear-log|sl|set-log|im|um)/i.test(verb))
      return notTranslated('Scripts do not change event logs.');
    if (!/^(?:epl|export-log|qe|query-events)$/i.test(verb)) return notNeeded('It only looks.');
    return /^system$|\\System\.evtx$/i.test(log)
      ? collectLines(['event-log'])
      : notTranslated('Only the newest part of the system event log is collected.');
  },
};
