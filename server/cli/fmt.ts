import { writeFileSync } from 'node:fs';
import { formatScript } from '../../shared/remediation/format-script.ts';
import { openAskedScript, reportMistakes } from './script-file.ts';
import { type Terminal, processTerminal } from './terminal.ts';

/** `bootmend fmt FILE.mend [--write] [--json]`: the script in its one layout, shown or written back. */
export async function runFmt(argv: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const isWrite = argv.includes('--write');
  const asked = openAskedScript(
    argv.filter(argument => argument !== '--write'),
    'fmt',
    terminal,
  );
  if (typeof asked === 'number') return asked;
  const { script, diagnostics } = asked.checked;
  if (!script) {
    if (asked.json)
      terminal.out(`${JSON.stringify({ ok: false, file: asked.file, diagnostics }, null, 2)}\n`);
    else reportMistakes(terminal, asked);
    return 1;
  }
  const text = formatScript(script);
  const isChanged = text !== asked.text;
  if (isWrite && isChanged) writeFileSync(asked.file, text);
  if (asked.json)
    terminal.out(`${JSON.stringify({ ok: true, file: asked.file, changed: isChanged, text }, null, 2)}\n`);
  else if (!isWrite) terminal.out(text);
  else
    terminal.out(
      `${asked.file}: ${isChanged ? 'written in its one layout' : 'already in its one layout'}.\n`,
    );
  return 0;
}
