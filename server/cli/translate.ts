import { parseArgs } from 'node:util';
import {
  maxPasteLength,
  type Translation,
  translateText,
} from '../../shared/remediation/translate/translate-text.ts';
import { renderDiagnostic } from '../../shared/remediation/render-diagnostic.ts';
import {
  alignColumns,
  painter,
  processTerminal,
  reportFailure,
  type Terminal,
  wrongUsage,
} from './terminal.ts';
import { readTextFile } from './text-file.ts';

/**
 * `bootmend translate 'del C:\…' | --from FILE | - [--json]`: pasted commands or the steps of an article as a script.
 * The script goes to standard output, what could not be translated and what an author should add to standard error.
 * Nothing is run; the exit code is 0 only when every line was translated.
 */
export async function runTranslate(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
  readInput: () => Promise<string> = readStandardInput,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('translate', terminal);
  const pasted = asked.from === undefined ? (asked.text ?? (await readInput())) : readPasted(asked.from);
  if (typeof pasted !== 'string') {
    reportFailure(terminal, asked.json, pasted);
    return 1;
  }
  const translation = translateText(pasted);
  if (asked.json) terminal.out(`${JSON.stringify({ ok: translation.complete, ...translation }, null, 2)}\n`);
  else show(translation, terminal);
  return translation.complete ? 0 : 1;
}

function readArguments(argv: readonly string[]) {
  // Pasted words may look like options of ours: only what stands first or last is.
  const json = argv.includes('--json');
  const words = argv.filter(word => word !== '--json');
  if (words[0] === '--from') {
    const { values } = parseArgs({ args: words, options: { from: { type: 'string' } } });
    return { json, from: values.from };
  }
  if (words.length === 0) return undefined;
  return words[0] === '-' && words.length === 1 ? { json } : { json, text: words.join(' ') };
}

function readPasted(file: string) {
  const read = readTextFile(file, maxPasteLength);
  return read.ok ? read.text : read.problem;
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece as string;
    if (text.length > maxPasteLength) break;
  }
  return text;
}

function show({ script, lines, advice, diagnostics, cut }: Translation, terminal: Terminal): void {
  const paint = painter(terminal);
  terminal.out(script);
  const left = lines.filter(line => line.kind === 'not-translated');
  const noted = lines.filter(line => line.kind === 'translated' && line.notes.length > 0);
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : ['', paint('strong', title), ...alignColumns(rows)];
  const said = [
    ...section(
      'Not translated',
      left.map(({ line, source, notes }) => [`line ${line}`, source, notes.join(' ')]),
    ),
    ...section(
      'To know',
      noted.map(({ line, notes }) => [`line ${line}`, notes.join(' ')]),
    ),
    ...section(
      'To add before it runs',
      advice.map(({ message, example }) => [example, message]),
    ),
    ...diagnostics.flatMap(diagnostic => ['', renderDiagnostic(script, diagnostic, 'script')]),
    ...(cut ? ['', paint('warn', 'The text was too long; its end was not read.')] : []),
  ];
  if (said.length > 0) terminal.error(`${said.join('\n').trimStart()}\n`);
}
