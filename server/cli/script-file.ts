import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import { type CheckResult, checkScript } from '../../shared/remediation/check-script.ts';
import { renderDiagnostic } from '../../shared/remediation/render-diagnostic.ts';
import { maxScriptBytes } from '../../shared/remediation/source.ts';
import { type FileProblem, withFile } from './file-source.ts';
import { painter, type Terminal } from './terminal.ts';

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

/** Writes every mistake with its line and a caret, and how many there are. */
export function reportMistakes(terminal: Terminal, file: string, { text, checked }: ScriptFile): void {
  const { diagnostics } = checked;
  const blocks = diagnostics.map(diagnostic => renderDiagnostic(text, diagnostic, file));
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  terminal.error(`${[...blocks, painter(terminal)('bad', `${file}: ${count}.`)].join('\n\n')}\n`);
}
