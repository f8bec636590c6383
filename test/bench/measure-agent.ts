// One test file of its own, since Windows, server and machines are those of the tests: `npm run bench -- agent figures`.
import { test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { buildBootStatus } from '../../agent/lab/logs/boot-status.ts';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import { FaultyWorld } from '../runtime/support/faulty-world.ts';
import { builtAgent } from '../runtime/support/built-agent.ts';
import type { ExeEvent } from '../runtime/support/wine-machine.ts';
import type { Figure } from './figure.ts';

const rounds = 9;

test('figures of the executable', async t => {
  const tell = (figure: Figure) => t.diagnostic(`figure ${JSON.stringify(figure)}`);
  tell({ figure: 'size', value: fs.statSync(await builtAgent()).size, unit: 'bytes', limit: 1_000_000 });

  const world = await FaultyWorld.start();
  const runs: ExeEvent[][] = [];
  for (let round = 0; round < rounds; round++) {
    const { code, events } = await world.recover(await world.machines.take());
    if (code !== agentExit.reboot) throw new Error(JSON.stringify(events.slice(-3)));
    runs.push([...events]);
  }
  const turns = [];
  for (let round = 0; round < 3; round++) turns.push(await decide(world));
  tell({
    figure: 'not-our-turn-to-menu',
    value: turns.sort((a, b) => a - b)[1]!,
    unit: 'ms',
    limit: 2000,
  });
  const medianOf = (kind: ExeEvent['event'], field: string) => {
    const values = runs.map(events => Number(events.find(one => one.event === kind)?.[field]));
    return values.sort((a, b) => a - b)[rounds >> 1]!;
  };
  const [start, first] = [medianOf('first-request', 'scriptCpuMs'), medianOf('first-request', 'cpuMs')];
  tell({
    figure: 'heap-peak-in-a-heal',
    value: medianOf('end', 'peakBytes'),
    unit: 'bytes',
    limit: 16_000_000,
  });
  tell({ figure: 'start-to-script-cpu', value: start, unit: 'ms' });
  tell({ figure: 'start-to-first-request-cpu', value: first, unit: 'ms', limit: 150 });
  tell({ figure: 'first-request-to-script', value: Math.round((first / start) * 10) / 10, unit: 'ratio' });
  tell({ figure: 'whole-heal-cpu', value: medianOf('end', 'cpuMs'), unit: 'ms' });
  tell({
    figure: 'check-in-size',
    value: medianOf('first-request', 'bodyBytes'),
    unit: 'bytes',
    limit: 4096,
  });
});

/** From the start of the executable to its end where Windows had started well, so that it is nothing of ours. */
async function decide(world: FaultyWorld): Promise<number> {
  const machine = await world.machines.take();
  const status = buildBootStatus({
    wasLastStartGood: true,
    wasLastStopClean: true,
    lastAliveAt: new Date('2026-11-25T12:00:00Z'),
    startNumber: 7,
    lastCleanStopNumber: 7,
  });
  fs.writeFileSync(path.join(machine.drive, 'Windows/bootstat.dat'), status);
  const startedMs = performance.now();
  const { events } = await world.recover(machine);
  const tookMs = Math.round(performance.now() - startedMs);
  const end = events.find(one => one.event === 'end');
  if (end?.['code'] !== 'not-our-turn') throw new Error(JSON.stringify(events));
  return tookMs;
}
