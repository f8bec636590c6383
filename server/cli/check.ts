import { actionsOf, riskOf } from '../../shared/remediation/syntax-tree.ts';
import { openAskedScript, reportMistakes } from './script-file.ts';
import { type Terminal, processTerminal } from './terminal.ts';

/** `bootmend check FILE.mend [--json]`: every mistake in a script. The exit code is 0 only when there is none. */
export async function runCheck(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = openAskedScript(argv, 'check', terminal);
  if (typeof asked === 'number') return asked;
  const { script, diagnostics } = asked.checked;
  if (asked.json)
    terminal.out(`${JSON.stringify({ ok: script !== undefined, file: asked.file, diagnostics }, null, 2)}\n`);
  if (!script) {
    if (!asked.json) reportMistakes(terminal, asked);
    return 1;
  }
  const steps = actionsOf(script).length;
  if (!asked.json)
    terminal.out(
      `${asked.file}: no mistakes. ${steps} ${steps === 1 ? 'step' : 'steps'}, risk ${riskOf(script)}.\n`,
    );
  return 0;
}
