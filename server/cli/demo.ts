// `npm run demo [-- --exit --json]`: breaks a lab machine and heals it over the real wire.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { judge, readDrive } from '../../agent/lab/judge.ts';
import { machine } from '../catalog/crowdstrike-2024-07-19/machine.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../logging/winston-log.ts';
import { startServer } from '../start.ts';
import { createLabGround } from './lab-ground.ts';
import { fleetMachines } from './demo/fleet-machines.ts';
import { placeAgent } from './demo/place-agent.ts';
import { prepareHouse } from './demo/prepare-house.ts';
import { agentExit, runAgent } from './demo/run-agent.ts';
import { SimulatedFleet } from './demo/simulated-fleet.ts';
import { StoryTeller } from './demo/story-teller.ts';

const { values } = parseArgs({ options: { exit: { type: 'boolean' }, json: { type: 'boolean' } } });

const folder = mkdtempSync(path.join(os.tmpdir(), 'bootmend-demo-'));
const teller = new StoryTeller(
  line => process.stderr.write(`${line}\n`),
  process.stderr.isTTY && (process.env.NO_COLOR ?? '') === '',
);

/** The usual port when it is free, so that the address looks as it will at home. */
function freeOr(port: number): Promise<number> {
  return new Promise(resolve => {
    const probe = net.createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

/** Of the settings only the ports: a demo touches neither the data, the database nor the addresses of a real house. */
function readPorts(): Config {
  const { BOOTMEND_CONSOLE_PORT, BOOTMEND_DEVICE_PORT } = process.env;
  try {
    return readConfig({ BOOTMEND_CONSOLE_PORT, BOOTMEND_DEVICE_PORT });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(
      `The demo did not start. ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return process.exit(1);
  }
}

const usual = readPorts();
// Nobody looks at a console that ends with the story.
const fleet = values.exit ? undefined : SimulatedFleet.start(path.join(folder, 'fleet'));
const server = await startServer(
  {
    ...usual,
    dataDir: path.join(folder, 'server'),
    deviceAddress: '127.0.0.1',
    consolePort: values.exit ? 0 : await freeOr(usual.consolePort),
    devicePort: values.exit ? 0 : await freeOr(usual.devicePort),
  },
  {
    log: createLog({ level: 'error', format: 'pretty', stream: process.stderr }),
    labOf: createLabGround,
  },
);

async function end(code: number): Promise<never> {
  fleet?.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
let signals = 0;
const onSignal = () => (signals++ === 0 ? void end(0) : process.exit(1));
process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

let fleetIsSetUp: Promise<void> | undefined;

/** The whole story; true when the machine booted by the lab's own judgement and the server knows it. */
async function heal(): Promise<{
  healed: boolean;
  deleted: readonly string[];
  kept: readonly string[];
  seconds: number;
}> {
  teller.headline('One machine heals itself');
  const house = await prepareHouse(server, folder, machine.id, 1 + fleetMachines.length);
  fleetIsSetUp = fleet?.setUp(house.bundleFile);
  teller.line('server', `console ${server.consoleUrl}, machines call ${server.deviceUrl}, PostgreSQL inside`);
  teller.line('approver', `${house.approver} signed ${machine.id} (risk ${house.risk}, 1 of 1 signatures)`);

  const machineDir = path.join(folder, 'machine');
  const enrol = async () => {
    placeAgent(machineDir);
    copyFileSync(house.bundleFile, path.join(machineDir, 'C', 'bundle.json'));
    const code = await runAgent(['provision', '--bundle', 'C:\\bundle.json'], machineDir);
    if (code !== agentExit.done)
      throw new Error(`The healthy machine could not be provisioned (exit ${code}).`);
    teller.line(
      'machine',
      'LAPTOP-4711 is healthy; it is enrolled, and the agent is in its recovery environment',
    );
  };
  await machine.build(machineDir, { whileHealthy: enrol });
  teller.headline(
    '19 July 2024, 04:09 UTC: a bad content file arrives; Windows crashes in csagent.sys, twice',
  );
  const before = readDrive(machineDir);

  const started = performance.now();
  const code = await runAgent(['recover'], machineDir, teller.agent);
  const seconds = Math.round(performance.now() - started) / 1000;
  const { healed, boot, deleted, kept } = judge(machineDir, machine, before);
  if (code === agentExit.reboot && boot.kind === 'booted') await runAgent(['confirm'], machineDir);
  const { counts } = await server.features.incidents.list('default', {});
  const known = counts.healed === 1;

  teller.headline(
    healed && known ? 'Windows is up again, and the server knows it' : 'The machine is not healed',
  );
  teller.line('deleted', deleted.join(', ') || 'nothing');
  teller.line('kept', `${kept.length} look-alikes; everything else is byte-identical by the lab's judgement`);
  return { healed: healed && known && code === agentExit.reboot, deleted, kept, seconds };
}

/** What happens beside the story, so that the console has a fleet to show; it goes on while somebody looks. */
async function tellFleet(fleet: SimulatedFleet): Promise<void> {
  teller.headline('The rest of the office, live in the console');
  await fleetIsSetUp;
  teller.line('fleet', `${fleetMachines.length} simulated machines are enrolled and say how ready they are`);
  const of = (fails: string) => fleetMachines.filter(one => one.fails === fails).length;
  teller.line('fleet', `${of('healed') + of('waits')} of them stop starting, for three reasons`);
  await fleet.breakMachines();
  teller.line(
    'fleet',
    `${of('healed')} healed themselves; ${of('waits')} wait for a decision that is yours\n`,
  );
}

try {
  const { healed, deleted, kept, seconds } = await heal();
  teller.line('took', `${seconds} s from the start of the agent, ${teller.roundTrips} round trips`);
  if (values.json)
    console.log(JSON.stringify({ healed, deleted, kept, roundTrips: teller.roundTrips, seconds }));
  if (values.exit) await end(healed ? 0 : 1);
  const link = await server.features.access.welcome();
  teller.headline('Look at it in the console');
  teller.line('open', link === undefined ? server.consoleUrl : `${server.consoleUrl}/welcome#${link}`);
  teller.line('end', 'Ctrl+C stops the server and removes everything the demo made');
  if (fleet) await tellFleet(fleet);
} catch (error) {
  process.stderr.write(
    `\nThe demo failed. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  await end(1);
}
