/** One measured number. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: 'ms' | 'bytes' | 'count' | 'ratio';
  /** The most that is promised. */
  readonly limit?: number;
}

/** The median of how long something takes, in milliseconds, after a warm-up. */
export function medianMs(rounds: number, run: () => void): number {
  for (let round = 0; round < rounds / 2; round++) run();
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return Math.round(times[rounds >> 1]! * 1000) / 1000;
}
