import { explainScript } from '../../shared/remediation/explain-script.ts';
import { openAskedScript, reportMistakes } from './script-file.ts';
import { type Terminal, alignColumns, processTerminal } from './terminal.ts';

/** `bootmend explain FILE.mend [--json]`: what a script will do, in plain sentences. */
export async function runExplain(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = openAskedScript(argv, 'explain', terminal);
  if (typeof asked === 'number') return asked;
  const { script, diagnostics } = asked.checked;
  const sentences = script ? explainScript(script) : [];
  if (asked.json)
    terminal.out(
      `${JSON.stringify({ ok: script !== undefined, file: asked.file, sentences, diagnostics }, null, 2)}\n`,
    );
  else if (script)
    terminal.out(
      `${alignColumns(sentences.map(({ line, sentence }) => [`line ${line}`, sentence])).join('\n')}\n`,
    );
  else reportMistakes(terminal, asked);
  return script ? 0 : 1;
}
