import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../../server/db/database.ts';
import { AuditLog } from '../../../server/features/audit/audit-log.ts';
import { withDatabase } from '../../support/database.ts';

const audit = new AuditLog(() => new Date('2026-01-01T00:00:00.123Z'));
const action = (subject: string) => ({
  organizationId: 'default',
  actor: 'account:anna',
  action: 'script-approved',
  subject,
  detail: { sequence: 3, keys: ['a', 'b'], deep: { yes: true, none: null } },
});

async function withEntries(count: number): Promise<Database> {
  const { database } = await withDatabase();
  for (let n = 1; n <= count; n++)
    await database.transaction(sql => audit.append(sql, action(`script:${n}`)));
  return database;
}

test('a log that nobody touched verifies', async () => {
  const database = await withEntries(3);
  assert.deepEqual(await audit.verify(database, 'default'), { entries: 3 });
  assert.deepEqual(await audit.verify(database, 'nobody'), { entries: 0 });
});

test('entries appended at once make one chain', async () => {
  const { database } = await withDatabase();
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      database.transaction(sql => audit.append(sql, action(`script:${n}`))),
    ),
  );
  assert.deepEqual(await audit.verify(database, 'default'), { entries: 20 });
});

test('an entry lives and dies with the transaction it tells about', async () => {
  const database = await withEntries(1);
  const failing = database.transaction(async sql => {
    await audit.append(sql, action('script:2'));
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.deepEqual(await audit.verify(database, 'default'), { entries: 1 });
});

const tampering: Record<string, [string, { code: string; number: number }]> = {
  'a changed subject': [
    `update audit_entry set subject = 'script:9' where number = 2`,
    { code: 'entry-changed', number: 2 },
  ],
  'a changed detail': [
    `update audit_entry set detail = '{}' where number = 2`,
    { code: 'entry-changed', number: 2 },
  ],
  'a changed time': [
    `update audit_entry set at = at + interval '1 ms' where number = 2`,
    { code: 'entry-changed', number: 2 },
  ],
  'a removed entry': ['delete from audit_entry where number = 2', { code: 'entry-missing', number: 2 }],
  'a removed first entry': ['delete from audit_entry where number = 1', { code: 'entry-missing', number: 1 }],
  'a replaced hash': [
    `update audit_entry set hash = sha256('x') where number = 3`,
    { code: 'entry-changed', number: 3 },
  ],
  'another past': [
    `update audit_entry set previous_hash = sha256('x') where number = 2`,
    { code: 'chain-broken', number: 2 },
  ],
};
for (const [name, [statement, problem]] of Object.entries(tampering))
  test(`${name} is found`, async () => {
    const database = await withEntries(3);
    await database.query(statement);
    assert.deepEqual(await audit.verify(database, 'default'), { problem });
  });
