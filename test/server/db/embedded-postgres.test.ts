import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { Database } from '../../../server/db/database.ts';
import { DatabaseUnavailable } from '../../../server/db/database-unavailable.ts';
import { startEmbeddedPostgres } from '../../../server/db/embedded/embedded-postgres.ts';
import { choosePrivileges } from '../../../server/db/embedded/privileges.ts';
import { silentLog } from '../../support/silent-log.ts';

const root = process.getuid?.() === 0;
/** Killing processes loses nothing that was written, so tests do not wait for the disk. */
const settings = { shared_buffers: '16MB', fsync: 'off' };
const folders: string[] = [];
after(() => folders.forEach(dir => rmSync(dir, { recursive: true, force: true })));

/** A folder that only its owner may even enter, as a home under /root. */
function closedHome(): string {
  const home = mkdtempSync(path.join(os.tmpdir(), 'bootmend-home-'));
  folders.push(home);
  chmodSync(home, 0o700);
  return home;
}

const start = (dir: string) => startEmbeddedPostgres({ dir, log: silentLog, settings });

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const database = new Database({ url, maxConnections: 1 });
  try {
    return await database.query<Row>(text);
  } finally {
    await database.close();
  }
}

/** Asks until the database answers; each try is a connection that is refused or made. */
async function askUntilThere(database: Database): Promise<void> {
  for (const until = performance.now() + 20_000; ;)
    try {
      await database.query('select 1');
      return;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || performance.now() > until) throw error;
      await new Promise(setImmediate);
    }
}

const pidIn = (dir: string) =>
  Number(readFileSync(path.join(dir, 'data/postmaster.pid'), 'utf8').split('\n')[0]);

async function startProcess(
  dir: string,
  how: readonly string[] = [],
): Promise<{ child: ChildProcess; url: string; adopted: boolean }> {
  const script = path.resolve(import.meta.dirname, '../../support/embedded-postgres-process.ts');
  const [command, ...args] = [...how, process.execPath, script, dir];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with ${code}`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return { child, ...(JSON.parse(line) as { url: string; adopted: boolean }) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

test('starts below a home that only its owner may enter, keeps what was committed, stops', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const first = await start(dir);
  await ask(first.url, 'create table kept as select 7 as n');
  await first.stop();
  await assert.rejects(ask(first.url, 'select 1'), DatabaseUnavailable);
  const second = await start(dir);
  assert.deepEqual(await ask(second.url, 'select n from kept'), [{ n: 7 }]);
  await second.stop();
});

test('lets in only who knows the password, which only its owner can read, and only over loopback', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const postgres = await startEmbeddedPostgres({ dir, log: silentLog });
  assert.equal(statSync(path.join(dir, 'password')).mode & 0o777, 0o600);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  const wrong = new URL(postgres.url);
  wrong.password = 'wrong';
  await assert.rejects(ask(wrong.href, 'select 1'), { code: '28P01' });
  const told = await ask<{ name: string; setting: string }>(
    postgres.url,
    `select name, setting from pg_settings
     where name in ('listen_addresses', 'unix_socket_directories', 'password_encryption', 'fsync', 'data_checksums')
     order by name`,
  );
  assert.deepEqual(
    told.map(one => `${one.name}=${one.setting}`),
    [
      'data_checksums=on',
      'fsync=on',
      'listen_addresses=127.0.0.1',
      'password_encryption=scram-sha-256',
      'unix_socket_directories=',
    ],
  );
  const methods = await ask<{ auth_method: string }>(
    postgres.url,
    'select distinct auth_method from pg_hba_file_rules',
  );
  assert.deepEqual(methods, [{ auth_method: 'scram-sha-256' }]);
  await postgres.stop();
});

test('a PostgreSQL that is killed is started again, and the pool finds it', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const postgres = await start(dir);
  const database = new Database({ url: postgres.url });
  await database.query('create table kept as select 7 as n');
  const before = pidIn(dir);
  process.kill(before, 'SIGKILL');
  await assert.rejects(async () => {
    for (;;) await database.query('select 1');
  }, DatabaseUnavailable);
  await askUntilThere(database);
  assert.notEqual(pidIn(dir), before);
  assert.deepEqual(await database.query('select n from kept'), [{ n: 7 }]);
  await database.close();
  await postgres.stop();
});

test('what a killed server left running is taken over by the next start', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const killed = await startProcess(dir);
  await ask(killed.url, 'create table kept as select 7 as n');
  const orphan = pidIn(dir);
  await end(killed.child, 'SIGKILL');
  process.kill(orphan, 0);
  const next = await start(dir);
  assert.equal(next.adopted, false);
  assert.notEqual(pidIn(dir), orphan);
  assert.deepEqual(await ask(next.url, 'select n from kept'), [{ n: 7 }]);
  await next.stop();
});

test('a server that is killed together with its PostgreSQL starts again with everything committed', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const killed = await startProcess(dir);
  await ask(killed.url, 'create table kept as select 7 as n');
  const postmaster = pidIn(dir);
  await end(killed.child, 'SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  const next = await start(dir);
  assert.deepEqual(await ask(next.url, 'select n from kept'), [{ n: 7 }]);
  await next.stop();
});

test('of two starts at once one starts and the other adopts; only the owner stops it', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const both = await Promise.all([startProcess(dir), startProcess(dir)]);
  const owner = both.find(one => !one.adopted);
  const guest = both.find(one => one.adopted);
  assert.ok(owner && guest);
  assert.equal(owner.url, guest.url);
  await end(guest.child, 'SIGTERM');
  assert.equal((await ask(owner.url, 'select 1 as n')).length, 1);
  await end(owner.child, 'SIGTERM');
  await assert.rejects(ask(owner.url, 'select 1'), DatabaseUnavailable);
});

test('when the owner leaves, who adopted it takes over on the same port', async () => {
  const dir = path.join(closedHome(), 'postgres');
  const owner = await startProcess(dir);
  const guest = await start(dir);
  assert.equal(guest.adopted, true);
  const database = new Database({ url: guest.url });
  await database.query('create table kept as select 7 as n');
  await end(owner.child, 'SIGTERM');
  await askUntilThere(database);
  assert.deepEqual(await database.query('select n from kept'), [{ n: 7 }]);
  await database.close();
  await guest.stop();
  await assert.rejects(ask(guest.url, 'select 1'), DatabaseUnavailable);
});

test('an initdb that was killed half-way leaves nothing in the way', async () => {
  const dir = path.join(closedHome(), 'postgres');
  mkdirSync(path.join(dir, 'data.unfinished/base'), { recursive: true });
  const postgres = await start(dir);
  assert.equal(existsSync(path.join(dir, 'data.unfinished')), false);
  await postgres.stop();
});

test('a lost password file is named', async () => {
  const dir = path.join(closedHome(), 'postgres');
  await (await start(dir)).stop();
  rmSync(path.join(dir, 'password'));
  await assert.rejects(start(dir), /password is missing/);
});

test('as root where user namespaces are refused', { skip: !root && 'needs root' }, async () => {
  const dir = path.join(closedHome(), 'postgres');
  const refusing = {
    dir,
    log: silentLog,
    settings,
    privileges: (data: string) => choosePrivileges(data, () => false),
  };
  const postgres = await startEmbeddedPostgres(refusing);
  assert.notEqual(statSync(path.join(dir, 'data')).uid, 0);
  assert.notEqual(statSync(`/proc/${pidIn(dir)}`).uid, 0);
  await ask(postgres.url, 'create table kept as select 7 as n');
  await postgres.stop();
  const again = await start(dir);
  assert.deepEqual(await ask(again.url, 'select n from kept'), [{ n: 7 }]);
  await again.stop();
});

test(
  'as an ordinary user, and then as root over that user’s data',
  { skip: ordinaryUserMissing() },
  async () => {
    const home = closedHome();
    const { uid, gid } = { uid: 65_534, gid: 65_534 };
    chownSync(home, uid, gid);
    const dir = path.join(home, 'postgres');
    const as = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    const { child, url } = await startProcess(dir, as);
    await ask(url, 'create table kept as select 7 as n');
    assert.equal(statSync(path.join(dir, 'data')).uid, uid);
    await end(child, 'SIGTERM');
    const again = await start(dir);
    assert.deepEqual(await ask(again.url, 'select n from kept'), [{ n: 7 }]);
    await again.stop();
  },
);

/** Why a second user cannot be tried here; false when it can. */
function ordinaryUserMissing(): string | false {
  if (!root) return 'needs root; every other test here runs as an ordinary user';
  const reachable = spawnSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    '-e',
    `require('node:fs').readdirSync(${JSON.stringify(import.meta.dirname)})`,
  ]);
  return reachable.status === 0 ? false : 'another user cannot reach this checkout';
}
