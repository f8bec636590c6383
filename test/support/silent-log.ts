import type { Log } from '../../server/logging/log.ts';

/** A log that nobody reads. */
export const silentLog: Log = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  area: () => silentLog,
};
