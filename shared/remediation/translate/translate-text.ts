import { applyFix } from '../apply-fix.ts';
import { actionDefinitions, definitionOfAction } from '../action-table.ts';
import { checkScript } from '../check-script.ts';
import type { Diagnostic, DiagnosticCode } from '../diagnostic.ts';
import { formatScript } from '../format-script.ts';
import { parseScript } from '../parser.ts';
import { Report } from '../source.ts';
import { actionsOf } from '../syntax-tree.ts';
import { advise, type Advice, untitled } from './advise.ts';
import type { PasteContext } from './command-definition.ts';
import { readLine } from './read-line.ts';

/** Sixty-four kilobytes and three hundred lines: more than any article has. */
export const maxPasteLength = 64 * 1024;
const maxLines = 300;
const maxLineLength = 600;
const maxFixes = 16;
const maxMended = 300;

/** What one pasted line came to. */
export interface TranslatedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly source: string;
  readonly kind: 'translated' | 'not-needed' | 'not-translated';
  /** The lines of the script that it became. */
  readonly script: readonly string[];
  /** Why it was left out, or what an author should know about it. */
  readonly notes: readonly string[];
}

/** Pasted commands or steps as a script. */
export interface Translation {
  /** In the one layout; empty when nothing could be translated. */
  readonly script: string;
  /** What the script as a whole still lacks. */
  readonly diagnostics: readonly Diagnostic[];
  readonly lines: readonly TranslatedLine[];
  readonly advice: readonly Advice[];
  /** Whether every line was translated or is not needed, and something was. */
  readonly complete: boolean;
  /** Whether the text was too long, so that its end was not read. */
  readonly cut: boolean;
}

/** Turns pasted commands, batch files and the steps of articles into a script. What is pasted is never run. */
export function translateText(pasted: string): Translation {
  const context: PasteContext = { folder: undefined, loadedHives: new Map() };
  const mend = mendOnce();
  const all = pasted.slice(0, maxPasteLength).split(/\r\n?|\n/);
  const lines = all
    .slice(0, maxLines)
    .flatMap((source, index) =>
      source.trim() === '' ? [] : [translateLine(source, index + 1, context, mend)],
    );
  const script = assemble(lines);
  const isEmpty = lines.every(line => line.script.length === 0);
  // A framed script still lacks its guard: it can be read, laid out and advised on before it is sound.
  const report = new Report(script);
  const read = parseScript(report);
  const tree = report.isClean ? read : undefined;
  const laidOut = tree ? formatScript(tree) : script;
  return {
    script: isEmpty ? '' : laidOut,
    diagnostics: isEmpty ? [] : checkScript(laidOut).diagnostics,
    lines,
    advice: tree ? advise(tree) : [],
    complete: !isEmpty && lines.every(line => line.kind !== 'not-translated'),
    cut: pasted.length > maxPasteLength || all.length > maxLines,
  };
}

function translateLine(raw: string, line: number, context: PasteContext, mend: MendLine): TranslatedLine {
  // What cannot be seen has no business in a script, and none in what is shown.
  const source = raw
    .slice(0, maxLineLength)
    .replaceAll(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffd]|(?!\t)\p{Cc}/gu, '')
    .trim();
  const results = readLine(source, context);
  const script: string[] = [];
  const notes: string[] = [];
  let kind: TranslatedLine['kind'] = 'not-needed';
  for (const result of results) {
    if (result.kind !== 'lines') {
      if (result.kind === 'not-translated') kind = 'not-translated';
      notes.push(result.reason);
      continue;
    }
    for (const one of result.lines) {
      const mended = mend(one);
      if ('reason' in mended) kind = 'not-translated';
      if ('reason' in mended) notes.push(mended.reason);
      else script.push(mended.text);
    }
    if (script.length > 0) notes.push(...result.notes);
    if (kind === 'not-needed' && script.length > 0) kind = 'translated';
  }
  return { line, source, kind, script, notes: [...new Set(notes)] };
}

/** What stands around a line while it is tried, so that only the line itself can be wrong. */
const around = 'remediation "Tried"\n  risk high\n\nrequire crash code is 0x50\n\n';
const isStep = (line: string) => line !== 'reboot';

/** Mistakes whose fix keeps what was meant: other spellings of paths, keys and names. Guessed words are not among them. */
const spellings: ReadonlySet<DiagnosticCode> = new Set([
  'drive-letter',
  'unknown-place',
  'missing-place',
  'slash-in-path',
  'relative-part',
  'empty-part',
  'trailing-dot-or-blank',
  'invalid-key',
  'invalid-name',
  'not-a-name',
]);

type MendLine = typeof mendLine;

/** `mendLine` that remembers, and gives up where a paste says more than any script may. */
function mendOnce(): MendLine {
  const known = new Map<string, ReturnType<MendLine>>();
  return line => {
    const mended =
      known.get(line) ??
      (known.size < maxMended
        ? mendLine(line)
        : { reason: 'The paste has more steps than a script can have.' });
    known.set(line, mended);
    return mended;
  };
}

/** A line as the language accepts it, its paths and names spelled anew; or why it is not accepted. */
function mendLine(line: string): { readonly text: string } | { readonly reason: string } {
  if (!isStep(line)) return { text: line };
  let text = `${around}${line}\n`;
  for (let round = 0; round <= maxFixes; round++) {
    const { script, diagnostics } = checkScript(text);
    const action = script && actionsOf(script)[0];
    if (action) return { text: definitionOfAction(action).print(action) };
    const first = diagnostics[0]!;
    const { fix } = diagnostics.find(one => one.fix && spellings.has(one.code)) ?? {};
    if (!fix)
      return {
        reason: first.code === 'unknown-word' ? `Scripts cannot say this yet: ${line}.` : first.message,
      };
    text = applyFix(text, fix);
  }
  return { reason: 'It could not be brought into the language.' };
}

/** The steps with where they come from; what has no way back stands last, and a restart ends it. */
function assemble(lines: readonly TranslatedLine[]): string {
  const seen = new Set<string>();
  const steps = lines.flatMap(({ script, source }) => {
    const own = script.filter(line => isStep(line) && !seen.has(line));
    for (const line of own) seen.add(line);
    return own.map((line, at) => ({ line, from: at === 0 ? `# From: ${comment(source)}\n` : '' }));
  });
  const isRestarting = lines.some(({ script }) => script.includes('reboot'));
  const ordered = steps.toSorted((a, b) => Number(isOneWay(a.line)) - Number(isOneWay(b.line)));
  const body = [...ordered.map(({ line, from }) => `${from}${line}`), ...(isRestarting ? ['reboot'] : [])];
  return `${frameOf(steps.map(({ line }) => line))}${body.join('\n')}\n`;
}

/** What a tool of Windows changes is never of low risk; the guard that such a script needs is its author's to write. */
function frameOf(steps: readonly string[]): string {
  if (!steps.some(line => classOf(line) !== 'reversible')) return '';
  return `remediation "${untitled}"\n  risk ${steps.some(isOneWay) ? 'high' : 'medium'}\n\n`;
}

const classOf = (line: string) =>
  actionDefinitions.find(one => `${line.replace(',', ' ')} `.startsWith(`${one.verb} `))?.class ??
  'reversible';
const isOneWay = (line: string) => classOf(line) === 'one-way';

const comment = (source: string) =>
  (source.length <= 160 ? source : `${source.slice(0, 159)}…`).replaceAll('\t', ' ');
