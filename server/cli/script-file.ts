import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { type CheckResult, checkScript } from '../../shared/remediation/check-script.ts';
import { renderDiagnostic } from '../../shared/remediation/render-diagnostic.ts';
import { maxScriptBytes } from '../../shared/remediation/source.ts';
import { type FileProblem, withFile } from './file-source.ts';
import { painter, readFileArguments, reportFailure, type Terminal } from './terminal.ts';

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
  const read = withFile(file, source => textOfUtf8(source.read(0, maxScriptBytes + 1)).text);
  if (!read.ok) return read;
  if (read.problem) return { ok: false, problem: read.problem };
  return { ok: true, text: read.value, checked: checkScript(read.value) };
}

/** A script that somebody named on the command line. */
export interface AskedScript extends ScriptFile {
  readonly file: string;
  readonly json: boolean;
}

/** The script that the arguments name, or the exit code when there is none; why is told already. */
export function openAskedScript(
  argv: readonly string[],
  usage: string,
  terminal: Terminal,
): AskedScript | number {
  const asked = readFileArguments(argv);
  if (!asked) {
    terminal.error(`Usage: ${usage}\n`);
    return 2;
  }
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
