import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { LabMachine } from '../../agent/lab/lab-machine.ts';

const catalog = path.resolve(import.meta.dirname, '../catalog');

/** The machines that come with the catalogue: each shows one bad update, or nearly does. */
export async function loadLabMachines(): Promise<LabMachine[]> {
  const folders = readdirSync(catalog, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const files = folders
    .flatMap(({ name }) => [path.join(catalog, name, 'machine.ts'), path.join(catalog, name, 'near-miss.ts')])
    .filter(existsSync);
  const modules = await Promise.all(
    files.map(async file => (await import(file)) as Record<string, LabMachine>),
  );
  return modules.flatMap(module => Object.values(module));
}
