import type { Log } from './logging/log.ts';

/** What has been started, to be stopped in the opposite order. */
export class StopStack {
  readonly #steps: { readonly name: string; readonly stop: () => Promise<unknown> | void }[] = [];
  readonly #log: Log;
  readonly #stepLimitMs: number;
  #stopped: Promise<void> | undefined;

  constructor(log: Log, stepLimitMs: number) {
    this.#log = log;
    this.#stepLimitMs = stepLimitMs;
  }

  add(name: string, stop: () => Promise<unknown> | void): void {
    this.#steps.push({ name, stop });
  }

  /** Stops everything once; a step that fails or takes too long does not keep the ones after it from stopping. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await this.#within(step.stop());
      } catch (error) {
        this.#log.warn('a part of the server did not stop cleanly', { part: step.name }, error);
      }
    }
  }

  async #within(stopping: Promise<unknown> | void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('It took too long.')), this.#stepLimitMs);
    });
    await Promise.race([stopping, late]).finally(() => clearTimeout(timer));
  }
}
