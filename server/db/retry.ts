import { setTimeout as sleep } from 'node:timers/promises';

/** Serialization failure and deadlock: PostgreSQL asks to run the whole transaction again. */
const retryStates = new Set(['40001', '40P01']);
const maxTries = 5;

/** Runs a transaction again, a bounded number of times, when the database asks for that. */
export async function retrySerialization<Result>(
  transaction: () => Promise<Result>,
  pause: (tries: number) => Promise<unknown> = jitteredPause,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      const state = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!retryStates.has(state) || tries === maxTries) throw error;
      await pause(tries);
    }
  }
}

/** Jitter keeps two transactions that met once from meeting again. */
const jitteredPause = (tries: number) => sleep(Math.random() * 10 * 2 ** tries);
