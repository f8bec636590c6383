import { explainScript } from '../../shared/remediation/explain-script.ts';
import { readScriptFile, reportMistakes } from './script-file.ts';
import {
  type Terminal,
  alignColumns,
  processTerminal,
  readFileArguments,
  reportFailure,
} from './terminal.ts';

/** `bootmend explain FILE.mend [--json]`: what a script will do, in plain sentences. */
export async function runExplain(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readFileArguments(argv);
  if (!asked) {
    terminal.error('Usage: bootmend explain FILE.mend [--json]\n');
    return 2;
  }
  const read = readScriptFile(asked.file);
  if (!read.ok) {
    reportFailure(terminal, asked.json, read.problem);
    return 1;
  }
  const { script, diagnostics } = read.checked;
  const sentences = script ? explainScript(script) : [];
  if (asked.json)
    terminal.out(
      `${JSON.stringify({ ok: script !== undefined, file: asked.file, sentences, diagnostics }, null, 2)}\n`,
    );
  else if (script)
    terminal.out(
      `${alignColumns(sentences.map(({ line, sentence }) => [`line ${line}`, sentence])).join('\n')}\n`,
    );
  else reportMistakes(terminal, asked.file, read);
  return script ? 0 : 1;
}
