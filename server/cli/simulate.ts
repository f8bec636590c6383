import { parseArgs } from 'node:util';
import { lookAtFolder } from '../../agent/lab/look-at-folder.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import { simulateScript, type Simulation } from '../../shared/remediation/simulate/simulate-script.ts';
import type { Script } from '../../shared/remediation/syntax-tree.ts';
import { readFactsFile } from './facts-file.ts';
import { factsOfIncident } from './incident-facts.ts';
import { readScriptFile, reportMistakes } from './script-file.ts';
import { renderSimulation } from './simulation-text.ts';
import { painter, processTerminal, reportFailure, type Terminal, wrongUsage } from './terminal.ts';

type Tried =
  | {
      readonly ok: true;
      readonly simulation: Simulation;
      readonly where: string;
      readonly dropped?: readonly string[];
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * `bootmend simulate FILE.mend (--volume DIR | --facts FILE | --incident ID) [--json]`: what a script would do to a
 * Windows in a folder, or to a machine whose facts were recorded. It changes nothing; the exit code is 0 only when the
 * script would run and its checks would hold.
 */
export async function runSimulate(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('simulate', terminal);
  const { file, json } = asked;
  const read = readScriptFile(file);
  if (!read.ok) {
    reportFailure(terminal, json, read.problem);
    return 1;
  }
  const { script, diagnostics } = read.checked;
  if (!script) {
    if (json) terminal.out(`${JSON.stringify({ ok: false, file, diagnostics }, null, 2)}\n`);
    else reportMistakes(terminal, { ...read, file, json });
    return 1;
  }
  const tried = await tryScript(script, asked);
  if (!tried.ok) {
    reportFailure(terminal, json, tried);
    return 1;
  }
  const { simulation, where, dropped = [] } = tried;
  const ok = simulation.outcome === 'would-run';
  if (json) terminal.out(`${JSON.stringify({ ok, file, where, ...simulation, dropped }, null, 2)}\n`);
  else terminal.out(`${renderSimulation(simulation, where, painter(terminal)).join('\n')}\n`);
  if (!json) for (const name of dropped) terminal.error(`Not a fact, left out: ${name}\n`);
  return ok ? 0 : 1;
}

interface Asked {
  readonly file: string;
  readonly json: boolean;
  readonly volume?: string | undefined;
  readonly facts?: string | undefined;
  readonly incident?: string | undefined;
}

function readArguments(argv: readonly string[]): Asked | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      volume: { type: 'string' },
      facts: { type: 'string' },
      incident: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const { json = false, ...grounds } = values;
  const [file, ...more] = positionals;
  const isOne = Object.values(grounds).filter(value => value !== undefined).length === 1;
  return file !== undefined && more.length === 0 && isOne ? { file, json, ...grounds } : undefined;
}

async function tryScript(script: Script, { volume, facts, incident }: Asked): Promise<Tried> {
  if (volume !== undefined) {
    const looked = lookAtFolder(volume, script);
    if (!looked.ok) return looked;
    const { windows, deviceName } = looked;
    const simulation = simulateScript(script, { kind: 'volume', volume: windows, facts: looked.facts });
    return { ok: true, simulation, where: `${deviceName ?? 'the Windows'} in ${volume}` };
  }
  if (facts !== undefined) {
    const input = readFactsFile(facts);
    if (!input.ok) return { ok: false, ...input.problem };
    const parsed = parseFacts(input.value);
    return { ...onFacts(script, parsed.facts, `the facts of ${facts}`), dropped: parsed.dropped };
  }
  const recorded = await factsOfIncident(incident ?? '');
  return recorded.ok ? onFacts(script, recorded.facts, `the facts of ${recorded.name}`) : recorded;
}

const onFacts = (script: Script, facts: Facts, where: string) =>
  ({ ok: true, simulation: simulateScript(script, { kind: 'facts', facts }), where }) as const;
