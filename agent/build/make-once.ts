import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

/** Makes a folder that is either whole or not there, also when several builds make it at once. */
export function makeOnce(folder: string, make: (fresh: string) => void): void {
  if (existsSync(folder)) return;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    make(fresh);
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
