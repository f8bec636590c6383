import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Leases } from '../../../server/db/leases.ts';
import { withDatabase } from '../../support/database.ts';

test('of many who want a lease at once one gets it', async () => {
  const { database } = await withDatabase();
  const owners = Array.from({ length: 20 }, (_, n) => new Leases(database, `owner-${n}`));
  const taken = await Promise.all(owners.map(one => one.tryTake('sweep', 60)));
  assert.equal(taken.filter(Boolean).length, 1);
});

test('a lease is free again when its time is up, or when its owner gives it back', async () => {
  const { database } = await withDatabase();
  const [a, b] = [new Leases(database, 'a'), new Leases(database, 'b')];
  assert.equal(await a.tryTake('x', 60), true);
  assert.equal(await b.tryTake('x', 60), false);
  await b.release('x');
  assert.equal(await b.tryTake('x', 60), false);
  await a.release('x');
  assert.equal(await b.tryTake('x', 60), true);
  await database.query(`update lease set until = now() - interval '1 second'`);
  assert.equal(await a.tryTake('x', 60), true);
});

test('leases that ended are forgotten', async () => {
  const { database } = await withDatabase();
  const leases = new Leases(database, 'a');
  await leases.tryTake('old', 60);
  await database.query(`update lease set until = now() - interval '1 second'`);
  await leases.tryTake('new', 60);
  assert.equal(await leases.forgetExpired(), 1);
  assert.deepEqual(await database.query('select name from lease'), [{ name: 'new' }]);
});
