import assert from 'node:assert/strict';
import { test } from 'node:test';
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
