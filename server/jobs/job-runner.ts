import { schedule, type ScheduledTask } from 'node-cron';
import type { Leases } from '../db/leases.ts';
import type { Log } from '../logging/log.ts';
import type { TimedJob } from './schedule.ts';

/** How one run of a job ended. */
export interface JobRun {
  readonly name: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Why it failed; null when it did not. */
  readonly error: string | null;
}

/**
 * Runs jobs on their timers, in UTC. Of many servers over one database one runs each firing: it takes a lease named
 * after the job and the minute, which stays taken until its time is up.
 */
export class JobRunner {
  readonly #jobs: readonly TimedJob[];
  readonly #leases: Leases;
  readonly #log: Log;
  readonly #keepRun: (run: JobRun) => Promise<void>;
  readonly #running = new Set<Promise<void>>();
  #tasks: readonly ScheduledTask[] = [];

  constructor(
    jobs: readonly TimedJob[],
    leases: Leases,
    log: Log,
    keepRun: (run: JobRun) => Promise<void> = async () => {},
  ) {
    this.#jobs = jobs;
    this.#leases = leases;
    this.#log = log;
    this.#keepRun = keepRun;
  }

  start(): void {
    this.#tasks = this.#jobs.map(job =>
      schedule(job.when, ({ date }) => this.fire(job, date), {
        name: job.name,
        timezone: 'UTC',
        noOverlap: true,
        suppressMissedWarning: true,
      }),
    );
  }

  /** One firing of a job: runs it when no other server does. Failures are logged; the next firing tries again. */
  fire(job: TimedJob, at: Date): Promise<void> {
    const run = this.#fire(job, at).catch((error: unknown) => {
      this.#log.warn('a timed job failed and will run again', { job: job.name }, error);
    });
    this.#running.add(run);
    return run.finally(() => this.#running.delete(run));
  }

  async #fire({ name, leaseSeconds, work }: TimedJob, at: Date): Promise<void> {
    const lease = `job ${name} ${at.toISOString().slice(0, 16)}`;
    if (!(await this.#leases.tryTake(lease, leaseSeconds))) return;
    const started = performance.now();
    const ended = (error: string | null) =>
      this.#keepRun({ name, startedAt: at, durationMs: Math.round(performance.now() - started), error });
    try {
      await work(at);
    } catch (error) {
      await ended(error instanceof Error ? error.message.slice(0, 500) : 'unknown').catch(() => {});
      throw error;
    }
    await ended(null);
    this.#log.debug('a timed job ran', { job: name, ms: Math.round(performance.now() - started) });
  }

  /** Every job with its next firing; undefined while the timers do not run. */
  list(): { name: string; when: string; nextAt: Date | undefined }[] {
    return this.#jobs.map(({ name, when }, index) => ({
      name,
      when,
      nextAt: this.#tasks[index]?.getNextRun() ?? undefined,
    }));
  }

  /** Fires nothing more and waits for what runs. */
  async stop(): Promise<void> {
    for (const task of this.#tasks) await task.destroy();
    await Promise.all(this.#running);
  }
}
