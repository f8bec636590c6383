import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import { type ClusterFiles, databaseName, readPassword, superuser } from './cluster-files.ts';
import { commandWith, type Privileges } from './privileges.ts';

/** A PostgreSQL that runs over a data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

export const urlOf = (files: ClusterFiles, port: number): string =>
  `postgres://${superuser}:${readPassword(files)}@127.0.0.1:${port}/${databaseName}`;

/** The PostgreSQL over this data folder, when one runs, is ready and lets us in. */
export async function findPostmaster(files: ClusterFiles): Promise<Postmaster | undefined> {
  const found = readPidFile(files.dataDir);
  if (!found || !isAlive(found.pid)) return undefined;
  return (await servesDataDir(files, found.port)) ? found : undefined;
}

/** What postmaster.pid says: pid in the first line, port in the fourth, state in the eighth. */
function readPidFile(dataDir: string): Postmaster | undefined {
  try {
    const lines = readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return lines[7]?.trim() === 'ready' ? { pid: Number(lines[0]), port: Number(lines[3]) } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process runs; one that ended and was not yet collected by its parent does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Pids and ports are used again by others, so the server itself is asked whose data it serves. */
async function servesDataDir(files: ClusterFiles, port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(files, port), connectionTimeoutMillis: 3000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`);
    return path.resolve(rows[0]?.dir ?? '') === files.dataDir;
  } catch {
    return false;
  } finally {
    client.end().catch(() => {});
  }
}

/** Fast shutdown: running statements are cut off, what was committed stays; rougher when it takes too long. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = performance.now() + waitMs;
    while (performance.now() < until) {
      if (!isAlive(pid)) return;
      await sleep(10);
    }
  }
}

/** The PostgreSQL before is not gone yet: after kill -9 its children need a moment to notice. */
export class PostmasterInTheWay extends Error {
  override readonly name = 'PostmasterInTheWay';
}

const inTheWay = /already exists|shared memory block|Address already in use/i;

/** Starts PostgreSQL, on loopback only and without a Unix socket, and waits until it is ready. */
export async function startPostmaster(options: {
  readonly files: ClusterFiles;
  readonly binaries: Binaries;
  readonly privileges: Privileges;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}): Promise<ChildProcess & { readonly pid: number }> {
  const { files, binaries, privileges, port, onLine } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    ...options.settings,
  };
  const [command, args] = commandWith(privileges, binaries.postgres, [
    '-D',
    files.dataDir,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const child = spawn(command, args, {
    env: binaries.env,
    cwd: path.dirname(files.dataDir),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl+C in a terminal reaches the whole group; PostgreSQL is stopped last, by us.
    detached: true,
  });
  let lastLines = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLines = (lastLines + text).slice(-4000);
    for (const line of text.trimEnd().split('\n')) onLine(line);
  });
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  const stillRunning = Symbol('still running');
  for (;;) {
    const end = await Promise.race([ended, sleep(10, stillRunning)]);
    if (typeof end === 'string') {
      const message = `PostgreSQL did not start (${end}): ${lastLines.trim()}`;
      throw inTheWay.test(lastLines) ? new PostmasterInTheWay(message) : new Error(message);
    }
    if (readPidFile(files.dataDir)?.pid === child.pid && child.pid !== undefined)
      return Object.assign(child, { pid: child.pid });
  }
}
