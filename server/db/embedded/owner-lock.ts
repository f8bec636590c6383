import { DatabaseSync } from 'node:sqlite';

/** Held by the process that a folder belongs to; the system lets go of it when the process dies, however it dies. */
export interface OwnerLock {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the lock, or gives undefined while another process holds it. Node has no file locks of its own and a pid file
 * survives kill -9, so this borrows the lock of an empty SQLite file, which is the system's on every platform.
 */
export function tryOwnerLock(file: string): OwnerLock | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
  return { release: () => lock.close() };
}
