// The agent under Node: `node agent/main.ts recover|confirm|enrol --machine DIR [--bundle FILE] [--json-events]`.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { commandUsage, exitCodes, runAgentCommand } from './agent-command.ts';
import type { HostLog, HostScreen, ScreenState } from './host/host.ts';
import { createLabHost } from './lab/lab-host.ts';

const usage = `usage: node agent/main.ts recover|confirm|enrol --machine DIR [--bundle FILE] [--json-events]
${commandUsage}`;

const say = (line: string) => console.log(line);
const sayEvent = (event: string, value: object) => say(JSON.stringify({ event, ...value }));

function describeTo(jsonEvents: boolean): { readonly screen: HostScreen; readonly log: HostLog } {
  if (jsonEvents)
    return {
      screen: { show: state => sayEvent('screen', state) },
      log: { write: entry => sayEvent('log', entry) },
    };
  let last = '';
  const show = ({ headline, detail }: ScreenState) => {
    const line = `${headline}. ${detail}`;
    if (line !== last) say(line);
    last = line;
  };
  return { screen: { show }, log: { write: () => undefined } };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      machine: { type: 'string' },
      bundle: { type: 'string' },
      'json-events': { type: 'boolean', default: false },
    },
  });
  const [command, ...more] = positionals;
  if (values.machine === undefined || more.length > 0) return wrongUsage();
  const jsonEvents = values['json-events'];
  const host = createLabHost(values.machine, { ...describeTo(jsonEvents), keyPressed: nextKey() });
  const { bundle } = values;
  try {
    const code = await runAgentCommand(host, {
      command,
      readBundle: () => (bundle === undefined ? undefined : fs.readFileSync(bundle, 'utf8')),
      onEnd: end => {
        if (jsonEvents) sayEvent('end', end);
        else if ('message' in end) say(String(end.message));
      },
    });
    return code === exitCodes.usage ? wrongUsage() : code;
  } finally {
    host.close();
    process.stdin.pause();
  }
}

/** Settles at the first key; without a keyboard nobody can press one. */
function nextKey(): Promise<void> {
  if (!process.stdin.isTTY) return new Promise(() => undefined);
  process.stdin.setRawMode(true);
  return new Promise(resolve => process.stdin.once('data', () => resolve()));
}

function wrongUsage(): number {
  console.error(usage);
  return exitCodes.usage;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = exitCodes.crashed;
}
