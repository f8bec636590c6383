// The simulated machines of the demo, in a process of their own: `fleet-main.ts FOLDER`. Each line of standard input is
// an order, each line of standard output says what was done.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runCommandLine } from '../../../agent/command-line.ts';
import { createLabHost } from '../../../agent/lab/lab-host.ts';
import { LabTree } from '../../../agent/lab/lab-tree.ts';
import { readMachine, writeMachine } from '../../../agent/lab/machine-record.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';
import { installedAgentOn } from '../../../agent/provision/startup-task.ts';
import { builtAgent } from '../../built-agent.ts';
import { type FleetMachine, fleetMachines } from './fleet-machines.ts';

const [folder = '.'] = process.argv.slice(2);
const quiet = { screen: { show: () => undefined }, log: { write: () => undefined } };
const agentPath = installedAgentOn('C:\\');
const bundlePath = 'C:\\bundle.json';
const say = (event: string) => process.stdout.write(`${event}\n`);

/** One command of the agent on a machine; gives its exit code. */
async function runAgent(directory: string, ...argv: string[]): Promise<number> {
  const host = createLabHost(directory, quiet);
  try {
    return await runCommandLine({ host, argv, agentPath, out: () => {}, error: () => {} });
  } finally {
    host.close();
  }
}

function placeAgent(directory: string): void {
  const place = path.join(directory, 'C', ...agentPath.slice('C:\\'.length).split('\\'));
  mkdirSync(path.dirname(place), { recursive: true });
  if (existsSync(builtAgent)) copyFileSync(builtAgent, place);
  else writeFileSync(place, 'MZ agent of the lab');
}

async function setUp(directory: string, { setUp: how, misconfigure }: FleetMachine): Promise<void> {
  copyFileSync(await bundle.promise, path.join(directory, 'C', 'bundle.json'));
  await runAgent(directory, how === 'enrolled' ? 'enrol' : 'provision', '--bundle', bundlePath);
  if (how === 'tested') {
    const record = readMachine(directory);
    writeMachine(directory, {
      ...record,
      running: 'recovery',
      firmware: { failedStarts: 0, startReason: 'test-mode' },
    });
    await runAgent(directory, 'recover');
    tryBoot(directory);
  }
  misconfigure?.(new LabTree(path.join(directory, 'C')));
  await runAgent(directory, 'confirm');
}

/** From its first start to its last: it is set up, and when it fails, it calls for help until Windows is back. */
async function live(one: FleetMachine): Promise<void> {
  const { lab, identity, fails } = one;
  const directory = path.join(folder, identity.name);
  await lab.build(directory, {
    identity,
    whileHealthy: async () => {
      placeAgent(directory);
      await setUp(directory, one);
      isSetUp.push(identity.name);
      if (isSetUp.length === fleetMachines.length) say('set-up');
      if (fails) await broken.promise;
    },
  });
  if (!fails) return;
  await runAgent(directory, 'recover');
  if (readMachine(directory).running === 'off' && tryBoot(directory, lab.fault).kind === 'booted')
    await runAgent(directory, 'confirm');
  say(`back ${identity.name}`);
}

const bundle = Promise.withResolvers<string>();
const broken = Promise.withResolvers<void>();
const isSetUp: string[] = [];

createInterface({ input: process.stdin })
  .on('line', line => {
    const [order, file = ''] = line.split('\t');
    if (order === 'set-up') bundle.resolve(file);
    if (order === 'break') broken.resolve();
  })
  // Who started the demo is gone, and these machines with it.
  .on('close', () => process.exit());

await Promise.all(fleetMachines.map(live));
