import { linesOfStart } from '../commands/service-control.ts';
import type { TranslatedCommand } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

const starts: Readonly<Record<string, string>> = {
  0: 'boot', 1: 'system', 2: 'auto', 3: 'demand', 4: 'disabled', disabled: 'disabled', manual: 'demand', demand: 'demand',
  automatic: 'auto', auto: 'auto', boot: 'boot', system: 'system',
}; // prettier-ignore

const toStart =
  /\b(?:to|as|=)\s+["“'`]?(?:0x0{0,7})?([0-4]\b|disabled|manual|demand|automatic|auto|boot|system)\b/i;
const byKey = /\\Services\\(?:([^\\"“”]{1,64})\\Start\b|([A-Za-z0-9_.$-]{1,64}))/i;
const byName =
  /\b(?:of|for)\s+(?:the\s+)?(?:(service|driver)\s+)?["“'`]?([A-Za-z0-9_.$-]{1,32}(?:\s[A-Za-z0-9_.$-]{1,32}){0,3}?)["”'`]?(?:\s+(service|driver)\b|(?=\s+(?:to|from|as)\b|$))/i;

/** "Set the startup type of the service X to Disabled", "Change Start below …\Services\X from 2 to 4". */
export const changeStart: ProseStep = clause => {
  const plain = /\b(disable|stop and disable) (?:the )?(driver|service) ["“'`]?([A-Za-z0-9_.$-]{1,64})/i.exec(
    clause,
  );
  if (plain) return linesOfStart(plain[3]!, 'disabled', plain[2]!.toLowerCase() === 'driver');
  if (!/\b(?:set|change|configure|edit|modify)\b/i.test(clause) || !/\bstart(?:up)?\b/i.test(clause))
    return undefined;
  const start = starts[toStart.exec(clause)?.[1]?.toLowerCase() ?? ''];
  if (start === undefined) return undefined;
  const key = byKey.exec(clause);
  if (key) return told((key[1] ?? key[2])!, start, false);
  const name = byName.exec(clause);
  const subject = (name?.[1] ?? name?.[3])?.toLowerCase();
  return name && subject ? told(name[2]!, start, subject === 'driver') : undefined;
};

function told(name: string, start: string, isDriver: boolean): TranslatedCommand {
  const said = linesOfStart(name, start, isDriver);
  return said.kind === 'lines' && name.includes(' ')
    ? {
        ...said,
        notes: [...said.notes, `"${name}" must be its short name, as its key below Services has it.`],
      }
    : said;
}
