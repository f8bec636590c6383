const gatherMs = 250;

/**
 * Turns a burst of changes into few refreshes: changes are gathered for a moment, and the next refresh waits for the
 * one before, so that a slow server is never asked faster than it answers.
 */
export class ChangeGathering {
  #changed = new Set<string>();
  #isBusy = false;
  readonly #refresh: (changed: ReadonlySet<string>) => Promise<unknown>;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(
    refresh: (changed: ReadonlySet<string>) => Promise<unknown>,
    wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms)),
  ) {
    this.#refresh = refresh;
    this.#wait = wait;
  }

  add(changed: string): void {
    this.#changed.add(changed);
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#changed.size > 0) {
      await this.#wait(gatherMs);
      const changed = this.#changed;
      this.#changed = new Set();
      await this.#refresh(changed);
    }
    this.#isBusy = false;
  }
}
