import { quoteName } from '../read-path.ts';
import {
  notNeeded,
  notTranslated,
  lines,
  type PasteContext,
  type TranslatedCommand,
} from './command-definition.ts';
import { isFolderName, pathOf } from './pasted-path.ts';

const quotes = /[“”„"'‘’`«»]/g;
const path = String.raw`(?:%[A-Za-z()0-9]{2,24}%|[A-Za-z]:)\\[^\s“”„"'‘’` + '`' + String.raw`,;<>|)]+`;
const extension = '(?:sys|dll|exe|inf|cat|dat|xml|bin|cfg|off|old|bak|tmp|log)';
const named = new RegExp(String.raw`${path}|[A-Za-z0-9_.*?-]{0,80}[A-Za-z0-9*]\.${extension}\b`, 'gi');
const quoted = /[“„"'‘`«]([^“”„"'‘’`«»]{1,260})[”“"'’`»]/g;

/** Words with which the prose of an article says what the agent does anyway. */
const needless: readonly (readonly [RegExp, string])[] = [
  [/\b(safe mode|recovery environment|windows re\b|winre|recovery drive|installation media|troubleshoot)/i, 'The agent runs in the recovery environment already.'],
  [/\bbitlocker\b|\brecovery key\b/i, 'A script runs only on a volume that is unlocked already.'],
  [/\bcommand prompt\b|\badministrator\b|\bsign in\b|\blog ?in\b/i, 'A script runs by itself; nobody opens a prompt or signs in.'],
  [/\bback ?up\b/i, 'What a script changes is kept in quarantine, so that it can be undone.'],
]; // prettier-ignore

/**
 * Reads one sentence of an article: what it deletes, renames, disables, and the folder it goes to. Undefined when it
 * says nothing of that kind.
 */
export function readProse(sentence: string, context: PasteContext): TranslatedCommand | undefined {
  const read = readStep(sentence, context);
  return read?.kind === 'lines' && restarts.test(sentence) && !read.lines.includes('reboot')
    ? { ...read, lines: [...read.lines, 'reboot'] }
    : read;
}

const restarts = /\b(restart|reboot)\b/i;

function readStep(sentence: string, context: PasteContext): TranslatedCommand | undefined {
  const text = sentence.replaceAll(/[.:;]{1,3}\s{0,3}$/g, '');
  const targets = targetsOf(text);
  const isDeleting = /\b(delet\w*|remov\w*|eras\w*)\b/i.test(text);
  const isRenaming = /\brenam\w*\b/i.test(text);
  const goes = /\b(navigate|go|browse|change|switch|open|locate|find|in the|under)\b/i.test(text);

  const folder = targets.find(target => target.includes('\\') && isFolderName(target));
  if (folder !== undefined && (goes || isDeleting || isRenaming))
    context.folder = pathOf(folder, context)?.replaceAll('"', '');
  const files = targets.filter(target => !isFolderName(target));

  if (isRenaming) return rename(text, files, context);
  if (isDeleting) return remove(files, context);
  const disabled = /\bdisable (?:the )?(driver|service) ["“'`]?([A-Za-z0-9_.$-]{1,64})/i.exec(text);
  if (disabled)
    return lines([`disable ${disabled[1]!.toLowerCase()} ${quoteName(disabled[2]!.replace(/\.sys$/i, ''))}`]);
  if (folder !== undefined && goes) {
    if (files.length > 0) context.named = files;
    return notNeeded(`Names without a folder now lie in ${context.folder ?? folder}.`);
  }
  if (files.length > 0) {
    context.named = files;
    return notNeeded(`It names ${files.join(', ')}.`);
  }
  for (const [pattern, reason] of needless) if (pattern.test(text)) return notNeeded(reason);
  if (/\b(restart|reboot)\b|\bboot\b.{0,40}\bnormal/i.test(text)) return lines(['reboot']);
  return undefined;
}

/** Paths and names that stand in a sentence, each once; in quotes first, since those may hold blanks. */
function targetsOf(text: string): readonly string[] {
  const inQuotes = [...text.matchAll(quoted)].map(match => match[1]!.trim());
  const whole = inQuotes.filter(one => /[\\*]|\.[A-Za-z0-9]{2,4}$/.test(one));
  const bare = [...text.replaceAll(quoted, ' ').matchAll(named)].map(match =>
    match[0].replaceAll(quotes, '').replace(/[.)]+$/, ''),
  );
  return [...new Set([...whole, ...bare])].filter(one => one.length > 2);
}

function remove(files: readonly string[], context: PasteContext): TranslatedCommand {
  const meant = files.length > 0 ? files : (context.named ?? []);
  if (meant.length === 0) return notTranslated('It deletes something, and no file name was recognised.');
  const found = meant.map(file => pathOf(file, context));
  const missing = meant[found.indexOf(undefined)];
  if (missing !== undefined)
    return notTranslated(`It deletes ${missing}, and no line before says in which folder.`);
  return lines(found.map(one => `delete ${one}`));
}

function rename(text: string, files: readonly string[], context: PasteContext): TranslatedCommand {
  const to = /\bto\s+["“'`]?([A-Za-z0-9_.-]+)["”'`]?\s*$/i.exec(text)?.[1];
  const from = files.find(file => file !== to) ?? context.named?.[0];
  const found = from === undefined ? undefined : pathOf(from, context);
  if (to === undefined || found === undefined)
    return notTranslated(
      'It renames something, and not both names were recognised. Expected: rename PATH to NAME.',
    );
  return lines([`rename ${found} to ${quoteName(to)}`]);
}
