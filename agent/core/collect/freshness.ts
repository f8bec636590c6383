/** Clocks of two starts of one machine may differ by this much. */
const slackMs = 10 * 60_000;

/**
 * Whether evidence of an instant can belong to the last failed start. When that start is not known nothing is fresh:
 * an old crash must not be blamed for today's failure.
 */
export const isOfLastFailure = (atMs: number, lastFailedAtMs: number | undefined): boolean =>
  lastFailedAtMs !== undefined && atMs >= lastFailedAtMs - slackMs;
