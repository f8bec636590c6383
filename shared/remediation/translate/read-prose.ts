import { quoteName } from '../read-path.ts';
import {
  notNeeded,
  notTranslated,
  lines,
  type PasteContext,
  type TranslatedCommand,
} from './command-definition.ts';
import { copyCommand } from './commands/copy.ts';
import { isFolderName, lastPartOf, pathOf } from './pasted-path.ts';
import { proseAround, proseSteps } from './prose/prose-table.ts';
import type { ProseStep } from './prose/prose-step.ts';

const quotes = /[“”„"'‘’`«»]/g;
const path = String.raw`(?:%[A-Za-z()0-9]{2,24}%|[A-Za-z]:)\\[^\s“”„"'‘’` + '`' + String.raw`,;<>|)]+`;
const extension = '(?:sys|dll|exe|inf|cat|dat|xml|bin|cfg|off|old|bak|tmp|log)';
const named = new RegExp(String.raw`${path}|[A-Za-z0-9_.*?-]{0,80}[A-Za-z0-9*]\.${extension}\b`, 'gi');
const quoted = /[“„"'‘`«]([^“”„"'‘’`«»]{1,260})[”“"'’`»]/g;

/** Words by which a sentence only looks at the files that it names. */
const looks =
  /\b(?:locat|find|look|see|check|verif|search|open|select|identif|confirm|match|nam|call|view|navigat|go|chang|in)(?:y|e|es|ed|ing|s)?\b/i;
const restarts = /\b(restart|reboot)\b/i;
/** It restarts by itself, or is waited for. */
const isTold = /\b(?:should|will|wait|until|when|once|after|if|may|has|needs?)\b.{0,60}\b(?:restart|reboot)/i;
const asksToRestart = (text: string) => restarts.test(text) && !isTold.test(text);

/** Reads one clause of an article: what it deletes, renames, copies, collects or says, and the folder it goes to. */
export function readProse(clause: string, context: PasteContext): TranslatedCommand {
  const text = clause.replaceAll(/[.:;,]{1,3}\s{0,3}$/g, '');
  const read = firstOf(proseSteps, text, context) ?? readFileStep(text, context) ?? unknownProse;
  return read.kind === 'lines' && asksToRestart(text) && !read.lines.includes('reboot')
    ? { ...read, lines: [...read.lines, 'reboot'] }
    : read;
}

/** A clause in which nothing was found. */
export const unknownProse = notTranslated('No command, path or step was recognised here.');

function firstOf(steps: readonly ProseStep[], text: string, context: PasteContext) {
  for (const step of steps) {
    const read = step(text, context);
    if (read) return read;
  }
  return undefined;
}

function readFileStep(text: string, context: PasteContext): TranslatedCommand | undefined {
  const targets = targetsOf(text);
  const isDeleting = /\b(delet\w*|remov\w*|eras\w*)\b/i.test(text);
  const isRenaming = /\brenam\w*\b/i.test(text);
  const isCopying = /\b(?:copy|copies|replace)\b/i.test(text);
  const goes = /\b(navigate|go|browse|change|switch|open|locate|find|in the|under)\b/i.test(text);

  const folders = targets.filter(target => target.includes('\\') && isFolderName(target));
  const files = targets.filter(target => !isFolderName(target));
  if (isCopying) return copy(text, files, folders, context);
  const [folder] = folders;
  if (folder !== undefined && (goes || isDeleting || isRenaming))
    context.folder = pathOf(folder, context)?.replaceAll('"', '');

  if (isRenaming) return rename(text, files, context);
  const means =
    context.named !== undefined && /\b(?:it|them|these|those|(?:this|that|the) files?)\b/i.test(text);
  if (isDeleting && (files.length > 0 || means)) return remove(files, context);
  if (folder !== undefined && goes) {
    if (files.length > 0) context.named = files;
    return notNeeded(`Names without a folder now lie in ${context.folder ?? folder}.`);
  }
  if (files.length > 0 && looks.test(text)) {
    context.named = files;
    return notNeeded(`It names ${files.join(', ')}.`);
  }
  if (files.length > 0)
    return notTranslated(`It names ${files.join(', ')}, and what is done with it was not recognised.`);
  const around = firstOf(proseAround, text, context);
  if (around) return around;
  if (asksToRestart(text) || /\bboot\b.{0,40}\bnormal/i.test(text)) return lines(['reboot']);
  return isDeleting ? notTranslated('It deletes something, and no file name was recognised.') : undefined;
}

const isKey = /^(?:HKLM|HKEY_LOCAL_MACHINE)\b/i;

/** Paths and names that stand in a sentence, each once; in quotes first, since those may hold blanks. */
function targetsOf(text: string): readonly string[] {
  const inQuotes = [...text.matchAll(quoted)].map(match => match[1]!.trim().replace(/[.,;]$/, ''));
  const whole = inQuotes.filter(one => !isKey.test(one) && /[\\*]|\.[A-Za-z0-9]{2,4}$/.test(one));
  const bare = [...text.replaceAll(quoted, ' ').matchAll(named)].map(match =>
    match[0].replaceAll(quotes, '').replace(/[.)]+$/, ''),
  );
  return [...new Set([...whole, ...bare])].filter(one => one.length > 2);
}

function remove(files: readonly string[], context: PasteContext): TranslatedCommand {
  const meant = files.length > 0 ? files : (context.named ?? []);
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

/** "Copy a.sys from ONE FOLDER to ANOTHER", "Replace A with B". */
function copy(
  text: string,
  files: readonly string[],
  folders: readonly string[],
  context: PasteContext,
): TranslatedCommand {
  const isReplacing = /\breplace\b.*\bwith\b/i.test(text);
  const [file, other] = files;
  const [from, to] = folders;
  const within = (folder: string, name: string) => `${folder.replace(/\\$/, '')}\\${lastPartOf(name)}`;
  const pair =
    file === undefined
      ? undefined
      : from !== undefined && to !== undefined
        ? [within(from, file), within(to, other ?? file)]
        : from !== undefined && file.includes('\\')
          ? [file, within(from, file)]
          : other === undefined
            ? undefined
            : isReplacing
              ? [other, file]
              : [file, other];
  if (!pair)
    return notTranslated(
      'It copies something, and not both paths were recognised. Expected: copy PATH to PATH.',
    );
  return copyCommand.translate(['/y', ...pair], context, 'copy');
}
