import { parseArgs } from 'node:util';
import { printable } from '../../shared/bytes/printable.ts';
import { type CommandName, sayUsage } from './usage.ts';

/** Where a command writes to. Standard output holds the answer, standard error what went wrong. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly coloured: boolean;
}

/** The terminal of this process: coloured only when a person looks at it and NO_COLOR is not set. */
export const processTerminal: Terminal = {
  out: text => void process.stdout.write(text),
  error: text => void process.stderr.write(text),
  coloured: process.stdout.isTTY ? (process.env['NO_COLOR'] ?? '') === '' : false,
};

const styles = { strong: '1', faint: '2', bad: '1;31', warn: '33' } as const;
export type Style = keyof typeof styles;
export type Paint = (style: Style, text: string) => string;

/** Colours text for a terminal that shows colours. Text of evidence may hold codes of its own; those are made visible. */
export const painter = (terminal: Terminal): Paint =>
  terminal.coloured
    ? (style, text) => `\u001b[${styles[style]}m${printable(text)}\u001b[0m`
    : (_, text) => printable(text);

/** Rows as aligned lines, two blanks between columns and as many before the first; codes for the terminal made visible. */
export function alignColumns(texts: readonly (readonly string[])[]): string[] {
  const rows = texts.map(row => row.map(printable));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}

const mostListed = 40;

/** A list below its title, cut when it is long; nothing when it is empty. */
export function listSection(
  title: string,
  rows: readonly (readonly string[])[],
  most = mostListed,
): string[] {
  if (rows.length === 0) return [];
  const shown = alignColumns(rows.slice(0, most));
  const more = rows.length - shown.length;
  return ['', title, ...shown, ...(more > 0 ? [`  and ${more} more (--json shows all)`] : [])];
}

/** An instant as people read it. */
export const timeOf = (at: string | null): string =>
  at?.replace('T', ' ').replace('Z', ' UTC') ?? 'time not told';

/** One argument naming a file, and `--json`; undefined when there is not exactly one. Another option throws. */
export function readFileArguments(argv: readonly string[]): { file: string; json: boolean } | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const [file, ...more] = positionals;
  return file === undefined || more.length > 0 ? undefined : { file, json: values.json };
}

/** A failure as people and programs read it: a sentence on standard error, with `--json` also a document. */
export function reportFailure(
  terminal: Terminal,
  json: boolean,
  problem: { readonly code: string; readonly message: string; readonly place?: string },
): void {
  // A sentence that names the file already says where.
  const isSaid = problem.place === undefined || problem.message.includes(problem.place);
  const place = isSaid ? '' : ` (${problem.place})`;
  terminal.error(`${problem.code}: ${printable(`${problem.message}${place}`)}\n`);
  if (json) terminal.out(`${JSON.stringify({ problem }, null, 2)}\n`);
}

/** Says why a command failed and gives its exit code. */
export function failWith(code: string, message: string): number {
  reportFailure(processTerminal, false, { code, message });
  return 1;
}

/** Says how a command is called and gives its exit code. */
export function wrongUsage(name: CommandName, terminal: Terminal = processTerminal): number {
  terminal.error(sayUsage(name));
  return 2;
}
