import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { xz } from '../../support/debian-packages.ts';
import { samplePath, skipWithout } from '../../support/samples.ts';

/** For the `skip` option of a test: false when the real hives can be read here, else the reason. */
export const withoutSamples =
  skipWithout('hives') || (existsSync(xz.file) ? false : `needs ${xz.name} (${xz.file})`);

/** The bytes of a sample, unpacked. */
export function readSample(name: string): Uint8Array {
  const { stdout, status } = spawnSync('xz', ['-dc', samplePath(`hives/${name}.xz`)], {
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`xz cannot unpack ${name}`);
  return new Uint8Array(stdout);
}
