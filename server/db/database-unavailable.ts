/** The database cannot be reached now. Nothing is known to have failed for another reason: try again later. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super('The database does not answer.', { cause });
  }
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/** Shutdown, crash, start-up and recovery, too many connections, and the class of connection exceptions. */
const awayState = /^(57P0[1-5]|53300|08...|25006)$/;

/** What the driver says when a connection ended under it; it gives these errors no code. */
const awayMessage =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** Whether an error of the driver means that the database is away, not that a statement is wrong. */
export function isAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isAway);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.has(code) || awayState.test(code) || awayMessage.test(error.message);
}
