import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { clusterFilesIn } from '../../server/db/embedded/cluster-files.ts';
import { tryOwnerLock } from '../../server/db/embedded/owner-lock.ts';
import { findPostmaster, stopPostmaster } from '../../server/db/embedded/postmaster.ts';
import { migrate } from '../../server/db/migrations.ts';
import { top } from './imports.ts';
import { silentLog } from './silent-log.ts';

/** A PostgreSQL of this test file alone, whose database `postgres` is migrated. */
export interface Cluster {
  readonly url: string;
  stop(): Promise<void>;
}

/** Only tests may lose data in a power cut. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_connections: '100',
};

/** Starts a copy of a cluster that was made once on this machine; a copy starts in a tenth of a second. */
export async function startCluster(): Promise<Cluster> {
  await sweep();
  const template = await ensureTemplate();
  const dir = mkdtempSync(path.join(os.tmpdir(), runPrefix));
  cpSync(template, dir, { recursive: true, filter: file => !file.endsWith('owner.lock') });
  const postgres = await startEmbeddedPostgres({ dir, log: silentLog, settings });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const user = process.getuid?.() ?? 'user';
const runPrefix = `bootmend-test-run-${user}-`;
const templatePrefix = `bootmend-test-template-${user}-`;

/** A stopped, migrated cluster; its name says what it was made from, so that a change makes a new one. */
async function ensureTemplate(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['migrations', 'server/db', 'server/db/embedded'])
    for (const entry of readdirSync(path.join(top, folder), { withFileTypes: true }))
      if (entry.isFile()) hash.update(readFileSync(path.join(top, folder, entry.name)));
  const home = path.join(os.tmpdir(), templatePrefix + hash.digest('hex').slice(0, 16));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (statSync(home).uid !== (process.getuid?.() ?? 0)) throw new Error(`${home} belongs to somebody else`);
  const whole = path.join(home, 'whole');
  while (!existsSync(whole)) {
    const lock = tryOwnerLock(path.join(home, 'lock'));
    if (lock && !existsSync(whole)) await makeTemplate(path.join(home, 'making'), whole);
    lock?.release();
    await sleep(20);
  }
  return whole;
}

async function makeTemplate(making: string, whole: string): Promise<void> {
  rmSync(making, { recursive: true, force: true });
  const postgres = await startEmbeddedPostgres({ dir: making, log: silentLog, settings });
  await migrate(postgres.url, silentLog);
  await postgres.stop();
  renameSync(making, whole);
}

const abandonedMs = 10 * 60_000;
const outdatedMs = 24 * 3_600_000;

/** Removes templates of older sources; stops and removes what killed test processes left behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(os.tmpdir()).filter(one => one.startsWith(templatePrefix))) {
    const made = statSync(path.join(os.tmpdir(), name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > outdatedMs)
      rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
  const left = readdirSync(os.tmpdir()).filter(name => name.startsWith(runPrefix));
  for (const dir of left.map(name => path.join(os.tmpdir(), name))) {
    const age = Date.now() - (statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    const lock = age > abandonedMs ? tryOwnerLock(path.join(dir, 'owner.lock')) : undefined;
    if (!lock) continue;
    const orphan = await findPostmaster(clusterFilesIn(dir));
    if (orphan) await stopPostmaster(orphan.pid);
    lock.release();
    rmSync(dir, { recursive: true, force: true });
  }
}
