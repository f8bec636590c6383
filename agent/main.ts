// The agent under Node: `node agent/main.ts recover|confirm|enrol --machine DIR [--bundle FILE] [--json-events]`.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { parseProvisioningBundle } from '../shared/winre/agent-settings.ts';
import { exitCodes, runCommandLine } from './command-line.ts';
import { runEnrol } from './core/run-enrol.ts';
import { runRecovery } from './core/run-recovery.ts';
import type { HostLog, HostScreen, ScreenState } from './host/host.ts';
import { createLabHost } from './lab/lab-host.ts';
import { installedAgentOn } from './provision/startup-task.ts';

const usage = `usage: node agent/main.ts recover|confirm|enrol --machine DIR [--bundle FILE] [--json-events]

  recover   what runs in the recovery environment: find out why Windows did not start, and repair it
  confirm   what runs in every healthy start of Windows: tell the server that it came up, and how ready it is
  enrol     make this machine known to its server, with the provisioning bundle of --bundle

  Every other command of the agent runs the same way on a lab machine: node agent/main.ts COMMAND --machine DIR …

  exit codes: 0 done, 10 restart, 20 recovery menu, 30 server not told yet, 40 failed, 2 wrong usage`;

const say = (line: string) => console.log(line);
const complain = (line: string) => console.error(line);
const agentPath = installedAgentOn('C:\\');
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

/** The commands that tell their events one by one; all others are the agent's own command line. */
const told: readonly (string | undefined)[] = ['recover', 'confirm', 'enrol'];

async function runOther(given: readonly string[]): Promise<number> {
  const argv = given.filter(word => word !== '--json-events');
  const out = argv.length === given.length ? say : (message: string) => sayEvent('said', { message });
  const at = argv.indexOf('--machine');
  const directory = at < 0 ? undefined : argv[at + 1];
  if (directory === undefined) return wrongUsage();
  const host = createLabHost(directory, describeTo(false));
  try {
    return await runCommandLine({ host, argv: argv.toSpliced(at, 2), agentPath, out, error: complain });
  } finally {
    host.close();
  }
}

async function main(): Promise<number> {
  const [first] = process.argv.slice(2);
  if (first !== undefined && !told.includes(first) && !first.startsWith('-'))
    return runOther(process.argv.slice(2));
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
  const end = (kind: object, code: number) => {
    if (jsonEvents) sayEvent('end', kind);
    else if ('message' in kind) say(String(kind.message));
    return code;
  };
  try {
    switch (command) {
      case 'recover': {
        const ended = await runRecovery(host);
        return end(ended, ended.kind === 'reboot' ? exitCodes.reboot : exitCodes.handedOver);
      }
      case 'confirm': {
        const out = (text: string) =>
          jsonEvents ? sayEvent('end', { kind: 'confirm', ...JSON.parse(text) }) : say(text);
        const argv = jsonEvents ? ['confirm', '--json'] : ['confirm'];
        return await runCommandLine({ host, argv, agentPath, out, error: complain });
      }
      case 'enrol': {
        if (values.bundle === undefined) return wrongUsage();
        const bundle = parseProvisioningBundle(JSON.parse(fs.readFileSync(values.bundle, 'utf8')));
        if (!bundle.ok) return end({ kind: 'failed', ...bundle.problem }, exitCodes.failed);
        const ended = await runEnrol(host, bundle.value);
        return end(ended, ended.kind === 'enrolled' ? exitCodes.done : exitCodes.failed);
      }
      case undefined:
      default:
        return wrongUsage();
    }
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
