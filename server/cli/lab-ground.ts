import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type SimulationView, simulationView } from '../../shared/api/remediation.ts';
import type { LabGround } from '../features/remediations/authoring.ts';
import { loadLabMachines } from './lab-machines.ts';

const run = promisify(execFile);
const bootmend = path.join(import.meta.dirname, 'bootmend.ts');
const limits = { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 };

/** Lab machines below a folder, built when they are first asked for, each command in a process of its own. */
export function createLabGround(folder: string): LabGround {
  const built = new Map<string, Promise<string>>();

  async function build(machineId: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    const directory = path.join(folder, machineId);
    // What an earlier server left may be half built.
    await rm(directory, { recursive: true, force: true });
    await run(process.execPath, [bootmend, 'lab', 'make', machineId, '--to', directory], limits);
    return directory;
  }

  function machineOf(machineId: string): Promise<string> {
    const known = built.get(machineId) ?? build(machineId);
    built.set(machineId, known);
    known.catch(() => built.delete(machineId));
    return known;
  }

  return {
    list: async () => (await loadLabMachines()).map(({ id, title }) => ({ id, title })),
    async simulate(machineId, text) {
      if (!(await loadLabMachines()).some(one => one.id === machineId)) return undefined;
      const directory = await machineOf(machineId);
      const place = await mkdtemp(path.join(folder, 'script-'));
      try {
        const file = path.join(place, 'script.mend');
        await writeFile(file, text);
        return await simulate(file, directory);
      } finally {
        await rm(place, { recursive: true, force: true });
      }
    },
  };
}

/** The exit code says only whether it would run, so the document counts. */
async function simulate(file: string, directory: string): Promise<SimulationView> {
  const argv = [bootmend, 'simulate', file, '--volume', directory, '--json'];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(process.execPath, argv, limits, (error, stdout) =>
    stdout === '' ? reject(error ?? new Error('simulate said nothing')) : resolve(stdout),
  );
  return simulationView.parse(JSON.parse(await promise));
}
