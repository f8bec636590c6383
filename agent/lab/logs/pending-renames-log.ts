import { utf16Lines } from './text-log.ts';

/** Pending renames of one start. */
export interface LabPendingRenames {
  readonly at: Date;
  readonly failures: readonly {
    readonly path: string;
    /** Deleted when absent. */
    readonly newPath?: string;
    readonly status: string;
  }[];
  /** The start ended before they were counted when absent. */
  readonly succeeded?: number;
}

/** Builds PFRO.log: starts oldest first, UTF-16 without a mark. */
export function buildPendingRenamesLog(starts: readonly LabPendingRenames[]): Uint8Array {
  return utf16Lines(
    starts.flatMap(({ at, failures, succeeded }) => {
      const date = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`;
      const time = `${at.getUTCHours()}:${at.getUTCMinutes()}:${at.getUTCSeconds()}`;
      const errors = failures.map(({ path, newPath, status }) => {
        const target = newPath === undefined ? '|delete operation|' : `\\??\\${newPath}`;
        return `${date} ${time} - PFRO Error: \\??\\${path}, ${target}, ${status}`;
      });
      const count =
        succeeded === undefined ? [] : [`${date} ${time} - ${succeeded} Successful PFRO operations`];
      return [...errors, ...count, ''];
    }),
  );
}
