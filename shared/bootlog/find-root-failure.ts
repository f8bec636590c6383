import { isFailure } from './servicing-line.ts';
import type { ServicingFailure, ServicingLog } from './servicing-log.ts';

/**
 * The failure that a chain of failures began with: the first one with a code in the session in which the newest failure
 * happened. What follows it mostly repeats its code from one layer to the next. Undefined when nothing failed.
 */
export function findRootFailure({
  failures,
  sessions,
  lastFailure,
}: Pick<ServicingLog, 'failures' | 'sessions' | 'lastFailure'>): ServicingFailure | undefined {
  if (lastFailure === null) return undefined;
  const sessionLine = sessions.find(({ line }) => line <= lastFailure.line)?.line ?? 0;
  return failures.findLast(
    ({ code, line }) => code !== null && isFailure(code) && line >= sessionLine && line <= lastFailure.line,
  );
}
