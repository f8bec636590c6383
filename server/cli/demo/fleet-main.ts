// The simulated machines of the demo, in a process of their own: `fleet-main.ts FOLDER`. Each line of standard input is
// an order, each line of standard output says what was done.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runCommandLine } from '../../../agent/command-line.ts';
import type { HostLog } from '../../../agent/host/host.ts';
import { createLabHost } from '../../../agent/lab/lab-host.ts';
import { LabTree } from '../../../agent/lab/lab-tree.ts';
import { readMachine, writeMachine } from '../../../agent/lab/machine-record.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';
import { type FleetMachine, fleetMachines } from './fleet-machines.ts';
import { labAgentPath, placeAgent } from './place-agent.ts';

const [folder = '.'] = process.argv.slice(2);
const bundlePath = 'C:\\bundle.json';
const say = (event: string) => process.stdout.write(`${event}\n`);

const quiet: HostLog = { write: () => undefined };

/** One command of the agent on a machine; gives its exit code. */
async function runAgent(directory: string, argv: readonly string[], log = quiet): Promise<number> {
  const host = createLabHost(directory, { screen: { show: () => undefined }, log });
  try {
    return await runCommandLine({ host, argv, agentPath: labAgentPath, out: () => {}, error: () => {} });
  } finally {
    host.close();
  }
}

async function setUp(directory: string, { setUp: how, misconfigure }: FleetMachine): Promise<void> {
  copyFileSync(await bundle.promise, path.join(directory, 'C', 'bundle.json'));
  await runAgent(directory, [how === 'enrolled' ? 'enrol' : 'provision', '--bundle', bundlePath]);
  if (how === 'tested') {
    const record = readMachine(directory);
    writeMachine(directory, {
      ...record,
      running: 'recovery',
      firmware: { failedStarts: 0, startReason: 'test-mode' },
    });
    await runAgent(directory, ['recover']);
    tryBoot(directory);
  }
  misconfigure?.(new LabTree(path.join(directory, 'C')));
  await runAgent(directory, ['confirm']);
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
      if (--toSetUp === 0) say('set-up');
      if (fails !== 'no') await broken.promise;
    },
  });
  if (fails === 'no') return;
  await runAgent(directory, ['recover'], firstWait(one));
  if (tryBoot(directory, lab.fault).kind !== 'booted') return;
  await runAgent(directory, ['confirm']);
  if (fails === 'healed') settled();
}

/** Why the server lets a machine wait for a person; a machine also waits for the server. */
const reasons: readonly unknown[] = ['awaiting-person', 'unexplained'];

/** Hears when a machine that no approval heals was first told to wait for a person. */
function firstWait({ fails }: FleetMachine): HostLog {
  let isTold = fails !== 'waits';
  return {
    write: ({ code, details }) => {
      if (isTold || code !== 'waiting' || !reasons.includes(details?.['code'])) return;
      isTold = true;
      settled();
    },
  };
}

function settled(): void {
  if (--toSettle === 0) say('settled');
}

const bundle = Promise.withResolvers<string>();
const broken = Promise.withResolvers<void>();
let toSetUp = fleetMachines.length;
let toSettle = fleetMachines.filter(({ fails }) => fails !== 'no').length;

createInterface({ input: process.stdin })
  .on('line', line => {
    const [order, file = ''] = line.split('\t');
    if (order === 'set-up') bundle.resolve(file);
    if (order === 'break') broken.resolve();
  })
  // Who started the demo is gone, and these machines with it.
  .on('close', () => process.exit());

await Promise.all(fleetMachines.map(live));
