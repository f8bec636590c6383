import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { xz } from '../../support/debian-packages.ts';

const folder = path.resolve(import.meta.dirname, '../../../../shared/samples/hives');

/** Why the real hives cannot be read here; undefined when they can. They are never part of the project. */
export const samplesMissing = !existsSync(folder)
  ? 'needs the sample hives beside the project'
  : existsSync(xz.file)
    ? undefined
    : `needs ${xz.name} (${xz.file})`;

/** The bytes of a sample, unpacked. */
export function readSample(name: string): Uint8Array {
  const { stdout, status } = spawnSync('xz', ['-dc', path.join(folder, `${name}.xz`)], {
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`xz cannot unpack ${name}`);
  return new Uint8Array(stdout);
}
