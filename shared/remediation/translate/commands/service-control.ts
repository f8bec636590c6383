import { quoteName } from '../../read-path.ts';
import {
  type CommandDefinition,
  lines,
  notNeeded,
  notTranslated,
  type TranslatedCommand,
} from '../command-definition.ts';

/** `sc config NAME start= …`; a start by the boot loader or the kernel belongs to drivers. */
const starts: Readonly<Record<string, string>> = {
  boot: 'boot-start',
  system: 'system-start',
  auto: 'auto-start',
  'delayed-auto': 'auto-start',
  demand: 'demand-start',
};

/** `sc config` and its friends. */
export const serviceControlCommand: CommandDefinition = {
  names: ['sc', 'net', 'set-service'],
  example: 'sc config cntflt start= disabled',
  translate(words, _context, command) {
    if (command === 'set-service') return setService(words);
    const [verb = '', name] = words.map(word => word.replace(/^\\\\\S+$/, ''));
    if (command === 'net' || /^(stop|start|query|queryex|qc|failure|control|pause)$/i.test(verb))
      return notNeeded(
        'No service runs in the recovery environment; what counts is how it starts next time.',
      );
    if (/^delete$/i.test(verb))
      return notTranslated(
        'Services are not deleted, since nothing could bring them back. Expected: sc config NAME start= disabled.',
      );
    if (!/^config$/i.test(verb) || name === undefined)
      return notTranslated('Expected: sc config NAME start= disabled.');
    const joined = words.slice(2).join(' ').toLowerCase();
    const start = /\bstart=\s*([a-z-]+)/.exec(joined)?.[1];
    if (start === undefined)
      return notTranslated('Only how a service starts can be changed. Expected: start= …');
    return linesOfStart(name, start, /\btype=\s*(kernel|filesys)/.test(joined));
  },
};

/** `Set-Service -Name NAME -StartupType Disabled`. */
function setService(words: readonly string[]): TranslatedCommand {
  const after = (option: RegExp) => words[words.findIndex(word => option.test(word)) + 1];
  const named = words.some(word => /^-name$/i.test(word)) ? after(/^-name$/i) : words[0];
  const start = words.some(word => /^-start/i.test(word)) ? after(/^-start/i)?.toLowerCase() : undefined;
  const known = { disabled: 'disabled', manual: 'demand', automatic: 'auto', boot: 'boot', system: 'system' };
  return named === undefined || start === undefined || !Object.hasOwn(known, start)
    ? notTranslated('Expected: Set-Service -Name NAME -StartupType Disabled.')
    : linesOfStart(named, known[start as keyof typeof known]);
}

/** The line that gives a driver or service a start, and what the command could not tell. */
export function linesOfStart(name: string, start: string, isDriver = false): TranslatedCommand {
  const isKernel = isDriver || start === 'boot' || start === 'system' || /(flt|drv|\.sys)$/i.test(name);
  const subject = isKernel ? 'driver' : 'service';
  const said = quoteName(name.replace(/\.sys$/i, ''));
  const note = isKernel
    ? `${name} is taken for a driver. If it filters a device, add "removing filter entries".`
    : `${name} is taken for a service. If it is a driver, write driver.`;
  if (start === 'disabled') return lines([`disable ${subject} ${said}`], note);
  const kind = starts[start];
  if (kind === undefined) return notTranslated(`${start} is no start that scripts set.`);
  return lines([`enable ${subject} ${said} as ${kind}`], note);
}
