import { notNeeded, notTranslated, type PasteContext, type TranslatedCommand } from './command-definition.ts';
import { findCommand } from './command-table.ts';
import { type CommandWords, readCommandWords } from './command-words.ts';
import { isProgramLine, translateProgram } from './commands/program.ts';
import { readProse, unknownProse } from './read-prose.ts';

/** What one pasted line comes to: the commands that it is, those that stand in it, or the steps that it says. */
export function readLine(source: string, context: PasteContext): readonly TranslatedCommand[] {
  if (/^\s*(#|::|rem\b|:\w+\s*$)/i.test(source)) return [notNeeded('It is a comment.')];
  if (/^\s*[A-Za-z]:\\?\s*$/.test(source)) return [notNeeded('A script finds the Windows volume by itself.')];
  const bare = withNamedDrive(withoutMark(source));
  const commands = readCommandWords(bare);
  // Prose can start with the name of a command too: "Copy the file …", "Find the file …".
  if (commands.length > 0 && commands.every(isTyped)) return commands.flatMap(one => translate(one, context));
  const clauses = clausesOf(bare);
  return clauses.flatMap(clause => {
    const inside = commandsIn(clause);
    if (inside === 'too-many')
      return [notTranslated('It holds more commands than one sentence has. Paste one command a line.')];
    if (inside.length > 0) return inside.flatMap(one => translate(one, context));
    const read = readProse(clause, context);
    if (read.kind === 'not-needed' && holdsCommand(clause))
      return [
        notTranslated('It holds a command that was not recognised as one. Paste it on a line of its own.'),
      ];
    return read === unknownProse && clauses.length > 1
      ? [notTranslated(`This part was not recognised: ${clause}`)]
      : [read];
  });
}

/** Whether a command with an option stands somewhere in a sentence: that is never left out as talk. */
function holdsCommand(clause: string): boolean {
  const words = clause.split(/\s+/);
  return words.some(
    (word, at) => /^[/{]\w/.test(words[at + 1] ?? '') && findCommand(firstWordOf(word)) !== undefined,
  );
}

const translate = (
  { name, program, words }: CommandWords,
  context: PasteContext,
): readonly TranslatedCommand[] => {
  const command = findCommand(name);
  if (command) return [command.translate(words, context, name)];
  return isProgramLine(program, words) ? [translateProgram(program, words, context)] : [];
};

const withoutMark = (line: string) =>
  line
    .replace(
      /^\s*(?:(?:step\s*)?\d{1,3}\s*[.):]|\d{1,3}(?=\s+[A-Z])|[-*•·‣–]|\([a-z0-9]{1,2}\)|[a-z][.)])\s+/i,
      '',
    )
    .trim();

/** Articles leave the letter of the drive to the reader: `<OSdrive>:`, `OSdriveLetter:\`. None means more than another. */
const withNamedDrive = (line: string) =>
  line.replaceAll(
    /<[^<>\\]{0,40}(?:drive|volume|letter)[^<>\\]{0,20}>:?|\b(?:OS|system) ?drive(?: ?letter)?:(?=\\)/gi,
    'C:',
  );

const article = /^(the|a|an|this|all|any|it|them|your)$/i;

/** Words that start sentences too; behind them a batch file has these. */
const batchWords: Readonly<Record<string, RegExp>> = {
  if: /^(?:exist|not|errorlevel|defined|\/i|["%])/i,
  for: /^(?:\/|%)/,
  call: /^:|\.(?:bat|cmd)$/i,
  start: /^$|^\/|\.(?:exe|bat|cmd|msi)$/i,
  goto: /^:?\w+$/,
  set: /=|^\/|^$/,
};
const talking = /^(?:@?echo|write-host|write-output|msg|rem)$/;

/** Whether words are what somebody types and not what somebody says: an option, a path, or very few words. */
function isTyped({ name, program, words }: CommandWords): boolean {
  if (findCommand(name) === undefined) return isProgramLine(program, words);
  if (talking.test(name)) return true;
  // "Type dism …" asks a person to type; the command of this name shows a file.
  if (name === 'type' && findCommand(firstWordOf(words[0] ?? '')) !== undefined) return false;
  const behind = batchWords[name];
  if (behind) return behind.test(words[0] ?? '');
  if (words.some(word => /^from$/i.test(word))) return false;
  if (words.length <= 2) return !words.some(word => article.test(word));
  return words.some(word => /^[/-]\w|[\\*=%{]|\.\w{2,4}$/.test(word)) && !article.test(words[0]!);
}

const steps =
  'delet|remov|eras|renam|uninstall|disabl|enabl|collect|send|upload|restart|reboot|copy|mov|tell|inform|replac';
const sentenceEnds = /[.;!]\s+(?=[A-Z“"])/g;
const nextSteps = new RegExp(String.raw`,?\s+(?:and\s+then|then|and)\s+(?=(?:${steps})\w*\b)`, 'gi');

/** A line in its sentences, and those where one step follows another. What stands in quotes is never parted. */
function clausesOf(line: string): readonly string[] {
  const masked = line.replaceAll(/[“"][^”"]{0,300}[”"]/g, text => 'x'.repeat(text.length));
  const parts = [...masked.matchAll(sentenceEnds), ...masked.matchAll(nextSteps)]
    .map(({ index, 0: text }) => ({ from: index, to: index + text.length }))
    .toSorted((a, b) => a.from - b.from)
    .slice(0, mostClauses - 1);
  const starts = [0, ...parts.map(one => one.to)];
  const ends = [...parts.map(one => one.from), line.length];
  return starts
    .map((start, at) => line.slice(start, Math.max(start, ends[at]!)).trim())
    .filter(clause => clause !== '');
}

/** More commands and more steps than any sentence has. */
const [mostInside, mostClauses] = [8, 16];

/** Commands that stand in quotes within a sentence, behind its colon, or behind "run". */
function commandsIn(sentence: string): readonly CommandWords[] | 'too-many' {
  const quoted = [...sentence.matchAll(/[“`"']([^“”`"]{3,300})[”`"']/g)].map(match => match[1]!);
  const after = [...sentence.matchAll(/:\s+(?=([a-z]{2,12}(?:\.exe)?(?:\s+\S.*)?)$)/gi)].map(
    match => match[1]!,
  );
  const told = typed.exec(sentence)?.[1];
  const candidates = [...quoted, ...after, ...(told === undefined || quoted.length > 0 ? [] : [told])].filter(
    one => findCommand(firstWordOf(one)) !== undefined,
  );
  if (candidates.length > mostInside) return 'too-many';
  return candidates
    .map(one =>
      readCommandWords(
        one
          .trim()
          .replace(/[.,;]$/, '')
          .replace(purpose, ''),
      ),
    )
    .filter(commands => commands.some(isTyped))
    .flat();
}

const firstWordOf = (text: string) => readCommandWords(text.slice(0, 80))[0]?.name ?? '';

/** What a sentence tells somebody to type, at its start or behind what else is to be done. */
const typed =
  /(?:^|[,;]\s|\b(?:and|then)\s)(?:run|type|enter|execute)\s+(?:the\s+command\s+)?([a-z]{2,12}(?:\.exe)?\s+[/"%{A-Z].*)$/i;

/** What a sentence says behind a command that stands in it: why, or which key, and no argument any more. */
const purpose =
  /(?:\s+(?:in order to|to(?=\s+[a-z]+\s)|so that|which)|,?\s+(?:and|then|and then)\s+(?:press|hit|click))\s[^\\]*$/i;
