import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsoleListener } from '../../support/console-listener.ts';

const publicPlace = { origin: 'http://127.0.0.1:9', path: '/bootmend/', isSecure: false };

/** Tries to sign in without a password, which fails sooner than a wrong one and counts as much. */
const tryIn = async (address: string, headers: Record<string, string>) => {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name: 'ada' }),
  });
  return response.status;
};

/** Statuses of so many tries. */
const tries = async (count: number, address: string, headers: (n: number) => Record<string, string>) => {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push(await tryIn(address, headers(n)));
  return new Set(statuses);
};

test('behind a trusted proxy whoever guesses is slowed down, and nobody else', async () => {
  const { url } = await openConsoleListener({ publicPlace, trustedProxies: ['127.0.0.1'] });
  const address = `${url}/bootmend/api/session`;
  const from = (client: string) => ({ origin: publicPlace.origin, 'x-forwarded-for': client });
  assert.deepEqual(await tries(20, address, () => from('192.0.2.7')), new Set([400]));
  assert.equal(await tryIn(address, from('192.0.2.7')), 429);
  assert.equal(
    await tryIn(address, from('198.51.100.1, 192.0.2.7')),
    429,
    'what the guesser wrote counts for nothing',
  );
  assert.equal(await tryIn(address, from('192.0.2.8')), 400);
});

test('the word of anybody else on where a request comes from counts for nothing', async () => {
  const untrusted = await openConsoleListener({ publicPlace, trustedProxies: ['10.0.0.0/8'] });
  const noProxy = await openConsoleListener();
  for (const [address, origin] of [
    [`${untrusted.url}/bootmend/api/session`, publicPlace.origin],
    [`${noProxy.url}/api/session`, noProxy.url],
  ] as const) {
    const from = (n: number) => ({ origin, 'x-forwarded-for': `192.0.2.${n}` });
    assert.deepEqual(await tries(20, address, from), new Set([400]), address);
    assert.equal(await tryIn(address, from(99)), 429);
  }
});
