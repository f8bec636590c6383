import fc from 'fast-check';
import { damages, readDamaged } from '../shared/crashdump/damaged-dumps.ts';
import type { Figure } from './figure.ts';

const inputs = Number(process.env.BOOTMEND_FUZZ_INPUTS ?? 1_000_000);
const seed = Number(process.env.BOOTMEND_FUZZ_SEED ?? 1);
/** Comparing the extract's answer costs as much as everything else, so it is done for some. */
const checkedEvery = 16;

/** Reads a million damaged dumps of every kind; throws with the input that broke the reader. */
export function* benchDumpFuzz(): Generator<Figure> {
  const reached = new Map<string, number>();
  let [count, slowestMs] = [0, 0];
  fc.assert(
    fc.property(damages, damage => {
      const started = performance.now();
      const codes = readDamaged(damage, count++ % checkedEvery === 0 ? 'all' : 'few');
      slowestMs = Math.max(slowestMs, performance.now() - started);
      for (const code of codes) reached.set(code, (reached.get(code) ?? 0) + 1);
    }),
    { numRuns: inputs, seed },
  );
  yield { figure: 'inputs', value: count, unit: 'count' };
  yield { figure: 'slowest-input', value: Math.round(slowestMs), unit: 'ms', limit: 1000 };
  yield { figure: 'memory', value: process.memoryUsage().rss, unit: 'bytes' };
  for (const [code, times] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1)))
    yield { figure: `code-${code}`, value: times, unit: 'count' };
}
