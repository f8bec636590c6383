import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, verifyPassword } from '../../../server/features/access/password-hash.ts';

test('a password is kept as argon2id and found again, however its accents were typed', async () => {
  const kept = await hashPassword('caf\u00e9 au lait!');
  assert.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await verifyPassword('cafe\u0301 au lait!', kept), true);
  assert.equal(await verifyPassword('cafe au lait!', kept), false);
  assert.notEqual(await hashPassword('caf\u00e9 au lait!'), kept);
});

test('what is no hash of ours fits no password', async () => {
  for (const kept of ['', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$$', '$2b$10$abcdefghijklmnopqrstuv'])
    assert.equal(await verifyPassword('', kept), false);
});
