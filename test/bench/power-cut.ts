import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Figure } from './figure.ts';

const matrix = path.join(import.meta.dirname, '../agent/core/power-cut-matrix.test.ts');

/** A line of the tests that tells one cell: action, fault, and how often each result was seen. */
const cellLine = /matrix \| ([^|]+) \| ([^|]+) \| (.*)$/gm;

/** The cells as one table, actions by faults. */
function printMatrix(output: string): string {
  const cells = [...output.matchAll(cellLine)].map(([, action = '', fault = '', cell = '']) => ({
    action,
    fault,
    cell,
  }));
  const [actions, faults] = [new Set(cells.map(one => one.action)), new Set(cells.map(one => one.fault))];
  const row = (words: readonly string[]) => `| ${words.join(' | ')} |`;
  const cellOf = (action: string, fault: string) =>
    cells.find(one => one.action === action && one.fault === fault)?.cell ?? '–';
  return [
    row(['action', ...faults]),
    row(['---', ...[...faults].map(() => '---')]),
    ...[...actions].map(action => row([action, ...[...faults].map(fault => cellOf(action, fault))])),
    '',
  ].join('\n');
}

/**
 * Cuts every action off at every host call, in every way the disk can be left, and lets everything go wrong that can, at
 * every call: the whole of which `npm test` tries a sample. Takes some fifteen minutes. Prints the matrix of actions and faults
 * with what became of the machines, and counts the actions that came to half.
 */
export function* benchPowerCut(): Generator<Figure> {
  const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', matrix], {
    encoding: 'utf8',
    env: { ...process.env, BOOTMEND_POWER_CUTS: 'all' },
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stderr.write(stdout);
  process.stderr.write(`\n${printMatrix(stdout)}`);
  const count = (what: string) =>
    Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);
  yield { figure: 'action trials', value: count('pass'), unit: 'count' };
  yield { figure: 'half-done actions', value: count('fail'), unit: 'count', limit: 0 };
}
