import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../../server/db/database.ts';
import { DatabaseUnavailable } from '../../../server/db/database-unavailable.ts';
import { retrySerialization } from '../../../server/db/retry.ts';
import { withDatabase } from '../../support/database.ts';

test('values come as their columns say', async () => {
  const { database } = await withDatabase();
  const [row] = await database.query(
    `select 5::bigint as number, '\\x0102'::bytea as bytes, '{"a":1}'::jsonb as json, timestamptz '2026-01-01Z' as at`,
  );
  assert.deepEqual(row, {
    number: 5,
    bytes: Buffer.from([1, 2]),
    json: { a: 1 },
    at: new Date('2026-01-01T00:00:00Z'),
  });
});

test('a bigint that a number cannot hold is refused', async () => {
  const { database } = await withDatabase();
  await assert.rejects(database.query('select 9007199254740993::bigint as number'), RangeError);
});

test('a transaction commits everything or nothing', async () => {
  const { database } = await withDatabase();
  await database.query('create table kept (n integer)');
  await database.transaction(sql => sql.query('insert into kept values (1)'));
  const failing = database.transaction(async sql => {
    await sql.query('insert into kept values (2)');
    throw new Error('no');
  });
  await assert.rejects(failing, /^Error: no$/);
  assert.deepEqual(await database.query('select n from kept'), [{ n: 1 }]);
});

test('two transactions that deadlock both commit', async () => {
  const { database } = await withDatabase();
  await database.query('create table pair (id integer primary key, n integer not null)');
  await database.query('insert into pair values (1, 0), (2, 0)');
  let tries = 0;
  let meet: () => void = () => {};
  const met = new Promise<void>(resolve => {
    let arrived = 0;
    meet = () => ++arrived === 2 && resolve();
  });
  const both = (first: number, second: number) =>
    database.transaction(async sql => {
      tries++;
      await sql.query('update pair set n = n + 1 where id = $1', [first]);
      meet();
      await met;
      await sql.query('update pair set n = n + 1 where id = $1', [second]);
    });
  await Promise.all([both(1, 2), both(2, 1)]);
  assert.equal(tries, 3);
  assert.deepEqual(await database.query('select n from pair'), [{ n: 2 }, { n: 2 }]);
});

test('a transaction that never gets through is tried five times', async () => {
  let tries = 0;
  const always = () => {
    tries++;
    return Promise.reject(Object.assign(new Error('could not serialize'), { code: '40001' }));
  };
  await assert.rejects(
    retrySerialization(always, async () => {}),
    /could not serialize/,
  );
  assert.equal(tries, 5);
});

test('a database that is not there is DatabaseUnavailable, a wrong statement is not', async () => {
  const { database } = await withDatabase();
  await assert.rejects(database.query('select nothing'), { code: '42703' });
  const nowhere = new Database({ url: 'postgres://nobody:x@127.0.0.1:1/none' });
  await assert.rejects(nowhere.query('select 1'), DatabaseUnavailable);
  await assert.rejects(
    nowhere.transaction(sql => sql.query('select 1')),
    DatabaseUnavailable,
  );
  await nowhere.close();
});

test('a transaction whose connection is ended is DatabaseUnavailable, and the pool goes on', async () => {
  const { database } = await withDatabase();
  const cut = database.transaction(async sql => {
    const [self] = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1)', [self!.pid]);
    await sql.query('select 1');
  });
  await assert.rejects(cut, DatabaseUnavailable);
  assert.deepEqual(await database.query('select 1 as n'), [{ n: 1 }]);
});

test('when every connection is taken for too long, the database counts as away', async () => {
  const { url } = await withDatabase();
  const small = new Database({ url, maxConnections: 1, connectTimeoutMs: 50 });
  await small.transaction(async () => {
    await assert.rejects(small.query('select 1'), DatabaseUnavailable);
  });
  await small.close();
});

test('a statement that gets no answer for too long counts as away, and the pool goes on', async () => {
  const { url } = await withDatabase();
  const hurried = new Database({ url, maxConnections: 1, statementTimeoutMs: 200 });
  await assert.rejects(hurried.query('select pg_sleep(60)'), DatabaseUnavailable);
  await assert.rejects(
    hurried.transaction(sql => sql.query('select pg_sleep(60)')),
    DatabaseUnavailable,
  );
  assert.deepEqual(await hurried.query('select 1 as n'), [{ n: 1 }]);
  await hurried.close();
});

test('a notification wakes its channel, after a reconnect too', async () => {
  const { database } = await withDatabase();
  const woken: (string | undefined)[] = [];
  let tell: () => void = () => {};
  const nextWake = () =>
    new Promise<void>(resolve => {
      tell = resolve;
    });
  const stop = await database.listen('Things', payload => {
    woken.push(payload);
    tell();
  });
  let next = nextWake();
  await database.notify('Things', 'a');
  await database.notify('other', 'b');
  await next;
  next = nextWake();
  await database.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`);
  await next;
  next = nextWake();
  await database.transaction(sql => database.notify('Things', 'c', sql));
  await next;
  assert.deepEqual(woken, ['a', undefined, 'c']);
  await stop();
});
