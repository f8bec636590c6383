/**
 * How much may still be done for one log. A damaged or hostile log can name one long template or text from thousands
 * of records; without a limit its cost would grow with the square of its size.
 */
export class WorkLimit {
  #left: number;

  constructor(units: number) {
    this.#left = units;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Whether the work may still be done. */
  spend(units: number): boolean {
    this.#left -= units;
    return this.#left > 0;
  }
}
