import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { migrate } from '../../../server/db/migrations.ts';
import { withDatabase } from '../../support/database.ts';
import { readSchema } from '../../support/schema.ts';
import { silentLog } from '../../support/silent-log.ts';

const golden = path.join(import.meta.dirname, 'golden/schema.txt');

test('the tables are as the golden file says; BOOTMEND_GOLDEN=write renews it', async () => {
  const { database } = await withDatabase();
  const schema = await readSchema(database);
  if (process.env.BOOTMEND_GOLDEN === 'write') writeFileSync(golden, schema);
  assert.equal(schema, readFileSync(golden, 'utf8'));
});

test('every key of an owned table begins with its organization', async () => {
  const { database } = await withDatabase();
  const tables = (await readSchema(database))
    .split('\n\n')
    .filter(table => table.includes('organization_id'));
  assert.ok(tables.length > 15);
  for (const table of tables) assert.match(table, /primary key \(organization_id[,)]/);
});

test('migrating again, and by two at once, changes nothing', async () => {
  const { database, url } = await withDatabase();
  await database.query('drop schema public cascade');
  await database.query('create schema public');
  await Promise.all([migrate(url, silentLog), migrate(url, silentLog)]);
  await migrate(url, silentLog);
  assert.equal(await readSchema(database), readFileSync(golden, 'utf8'));
});

test('migrations are numbered one by one, so that none can slip in between others', () => {
  const numbers = readdirSync('migrations')
    .filter(name => name.endsWith('.sql'))
    .map(name => Number(name.slice(0, 6)))
    .toSorted((a, b) => a - b);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});
