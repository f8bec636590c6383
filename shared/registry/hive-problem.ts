import type { FileOffset } from '../bytes/byte-source.ts';

const maxProblems = 64;

/** What is wrong with the bytes of a hive or one of its logs. */
export type HiveProblemCode =
  | 'not-a-hive'
  | 'too-short'
  | 'version-not-covered'
  | 'checksum-wrong'
  | 'cut-off'
  | 'bin-broken'
  | 'cell-broken'
  | 'cell-out-of-range'
  | 'cell-free'
  | 'cell-shared'
  | 'cell-misaligned'
  | 'signature-wrong'
  | 'list-nested'
  | 'list-too-long'
  | 'list-not-sorted'
  | 'name-cut-off'
  | 'data-cut-off'
  | 'key-repeated'
  | 'too-deep'
  | 'log-not-valid'
  | 'log-older'
  | 'log-gap'
  | 'log-missing'
  | 'log-entry-broken'
  | 'log-entry-hash-wrong'
  | 'log-entry-out-of-range'
  | 'dirty-vector-broken'
  | 'dirty-pages-cut-off';

/** The kind of record that a problem was found in. */
export type HiveStructure =
  | 'base-block'
  | 'hive-bin'
  | 'cell'
  | 'key-node'
  | 'subkey-list'
  | 'value-list'
  | 'key-value'
  | 'value-data'
  | 'big-data'
  | 'security'
  | 'log-base-block'
  | 'log-entry'
  | 'dirty-vector';

/** One thing that is wrong in a hive or log, with the place in the file where it shows. */
export interface HiveProblem {
  readonly code: HiveProblemCode;
  readonly message: string;
  readonly offset: FileOffset;
  readonly structure: HiveStructure;
  /** The log the offset counts in; absent for the hive itself. */
  readonly log?: LogName;
}

/** The files beside a hive that may hold its newest changes. */
export type LogName = 'LOG' | 'LOG1' | 'LOG2';

/** Collects problems, each place once and bounded however damaged the hive is. */
export class HiveProblems {
  readonly list: HiveProblem[] = [];
  readonly #seen = new Set<string>();

  add(problem: HiveProblem): void {
    const key = `${problem.code} ${problem.offset} ${problem.log ?? ''}`;
    if (this.#seen.has(key) || this.list.length >= maxProblems) return;
    this.#seen.add(key);
    this.list.push(problem);
  }
}
