/** The work allowed for a log is done; caught where records are read, so that it never leaves the room. */
export class WorkSpent extends Error {}

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

  /** Takes about as many units as bytes or parts are looked at; throws WorkSpent when none are left. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left <= 0) throw new WorkSpent();
  }
}
