import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Figure } from './figure.ts';

const matrix = path.join(import.meta.dirname, '../agent/core/power-cut-matrix.test.ts');

/**
 * Cuts every action off at every host call, in every way the disk can be left, and disturbs every change: the whole of
 * which `npm test` tries a sample. Takes half an hour. Prints the matrix and counts the actions that came to half.
 */
export function* benchPowerCut(): Generator<Figure> {
  const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', matrix], {
    encoding: 'utf8',
    env: { ...process.env, BOOTMEND_POWER_CUTS: 'all' },
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stderr.write(stdout);
  const count = (what: string) =>
    Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  yield { figure: 'action trials', value: count('pass'), unit: 'count' };
  yield { figure: 'half-done actions', value: count('fail'), unit: 'count', limit: 0 };
}
