import { type CheckResult, checkScript } from '../../shared/remediation/check-script.ts';
import { renderDiagnostic } from '../../shared/remediation/render-diagnostic.ts';
import { maxScriptBytes } from '../../shared/remediation/source.ts';
import type { FileProblem } from './file-source.ts';
import { painter, readFileArguments, reportFailure, type Terminal, wrongUsage } from './terminal.ts';
import { readTextFile } from './text-file.ts';
import type { CommandName } from './usage.ts';

/** A script as it lies on disk, checked. */
export interface ScriptFile {
  readonly ok: true;
  readonly text: string;
  readonly checked: CheckResult;
}

/** Reads and checks a script. What is longer than a script can be is cut, and then reported as too large. */
export function readScriptFile(
  file: string,
): ScriptFile | { readonly ok: false; readonly problem: FileProblem } {
  const read = readTextFile(file, maxScriptBytes);
  return read.ok ? { ...read, checked: checkScript(read.text) } : read;
}

/** A script that somebody named on the command line. */
export interface AskedScript extends ScriptFile {
  readonly file: string;
  readonly json: boolean;
}

/** The script that the arguments name, or the exit code when there is none; why is told already. */
export function openAskedScript(
  argv: readonly string[],
  name: CommandName,
  terminal: Terminal,
): AskedScript | number {
  const asked = readFileArguments(argv);
  if (!asked) return wrongUsage(name, terminal);
  const read = readScriptFile(asked.file);
  if (read.ok) return { ...read, ...asked };
  reportFailure(terminal, asked.json, read.problem);
  return 1;
}

/** Writes every mistake with its line and a caret, and how many there are. */
export function reportMistakes(terminal: Terminal, { file, text, checked }: AskedScript): void {
  const { diagnostics } = checked;
  const blocks = diagnostics.map(diagnostic => renderDiagnostic(text, diagnostic, file));
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  terminal.error(`${[...blocks, painter(terminal)('bad', `${file}: ${count}.`)].join('\n\n')}\n`);
}
