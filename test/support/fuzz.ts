import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Damage } from './damage.ts';
import { type Measure, MemoryMeter } from './memory-meter.ts';

/** A reader of files that others wrote, with files for it to be read damaged. */
export interface FuzzedReader {
  readonly name: string;
  /** Every code it can tell. */
  readonly codes: readonly string[];
  readonly damages: fc.Arbitrary<Damage>;
  /** Reads one damaged file, measured, and gives the codes it tells; throws when the answer breaks a promise. */
  readonly read: (damage: Damage, depth: FuzzDepth, measure: Measure) => readonly string[];
  /** Files at the limits of the reader, too large to be damaged over and over: each is read once. */
  readonly extremes?: readonly ((measure: Measure) => readonly string[])[];
  /** How many inputs a short run needs to reach every code; 2500 when absent. */
  readonly shortRun?: number;
}

/** `all` checks what costs as much as the reading itself. */
export type FuzzDepth = 'all' | 'few';

export interface FuzzReport {
  readonly reader: string;
  readonly inputs: number;
  readonly seconds: number;
  /** Processor time, so that a machine that is busy with something else is no fault of the reader. */
  readonly slowestMs: number;
  /** The most that one reading allocated, garbage included, and how much of what its input allows. */
  readonly allocatedBytes: number;
  readonly allocatedShare: number;
  /** Most memory the process has had so far. */
  readonly memoryBytes: number;
  /** How many inputs reached each code. */
  readonly reached: Readonly<Record<string, number>>;
  readonly missing: readonly string[];
  /** Codes that the reader told without being known for them. */
  readonly unknown: readonly string[];
  /** What was thrown, with the damage that did it, or which damage took too long. */
  readonly failure: string | null;
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Depth `all` for one of so many inputs. */
  readonly checkedEvery: number;
  readonly limitMs?: number;
}

/** Gives a reader damaged files and tells what came of it. */
export function fuzz(reader: FuzzedReader, options: FuzzOptions): FuzzReport {
  const { inputs, seed, checkedEvery, limitMs = Infinity } = options;
  const started = performance.now();
  const reached = new Map<string, number>();
  const meter = new MemoryMeter();
  let [count, slowestMs] = [0, 0];
  const take = (read: () => readonly string[]) => {
    const begun = process.threadCpuUsage();
    const codes = read();
    const { user, system } = process.threadCpuUsage(begun);
    const ms = (user + system) / 1000;
    count++;
    for (const code of new Set(codes)) reached.set(code, (reached.get(code) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, ms);
    if (ms > limitMs) throw new Error(`reading took ${Math.round(ms)} ms`);
  };
  let failure: string | null = null;
  try {
    for (const extreme of reader.extremes ?? []) take(() => extreme(meter.measure));
    fc.assert(
      fc.property(reader.damages, damage => {
        const depth = count % checkedEvery === 0 ? 'all' : 'few';
        take(() => reader.read(damage, depth, meter.measure));
      }),
      { numRuns: inputs, seed },
    );
  } catch (error) {
    failure = inspect(error);
  }
  const byName = [...reached].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    reader: reader.name,
    inputs: count,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    slowestMs: Math.round(slowestMs),
    allocatedBytes: meter.mostBytes,
    allocatedShare: Math.round(meter.share * 1000) / 1000,
    memoryBytes: process.resourceUsage().maxRSS * 1024,
    reached: Object.fromEntries(byName),
    missing: reader.codes.filter(code => !reached.has(code)),
    unknown: [...reached.keys()].filter(code => !reader.codes.includes(code)),
    failure,
  };
}
