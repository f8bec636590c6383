import assert from 'node:assert/strict';
import { test } from 'node:test';
import { session } from '../../../shared/api/session.ts';
import { Browser, openConsoleListener } from '../../support/console-listener.ts';

const anna = { name: 'Anna', password: 'correct horse battery' };

test('the first admin comes in by a link, once, and then by name and password', async () => {
  const { url, access } = await openConsoleListener();
  const browser = new Browser(url);
  assert.equal((await browser.send('GET', '/api/session')).code, 'not-signed-in');
  const secret = await access.welcome();
  assert.ok(secret);

  const opened = await browser.send('POST', '/api/session/link', { secret, ...anna });
  assert.equal(opened.status, 201);
  assert.equal(session.parse(opened.json).role, 'admin');
  assert.match(opened.setCookie ?? '', /^bootmend=.*HttpOnly; SameSite=Strict$/);
  assert.equal(session.parse((await browser.send('GET', '/api/session')).json).name, 'Anna');

  const again = await new Browser(url).send('POST', '/api/session/link', {
    secret,
    name: 'Mallory',
    password: anna.password,
  });
  assert.deepEqual([again.status, again.code], [410, 'link-expired']);
  assert.equal(await access.welcome(), undefined);

  const other = new Browser(url);
  assert.equal((await other.send('POST', '/api/session', anna)).status, 201);
  assert.equal((await other.send('DELETE', '/api/session')).status, 204);
  assert.equal((await other.send('GET', '/api/session')).code, 'not-signed-in');
  assert.equal((await browser.send('GET', '/api/session')).status, 200);
});

test('a link is good for fifteen minutes, and a newer one ends it', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const { url, access } = await openConsoleListener({ now: () => now });
  const browser = new Browser(url);
  const first = await access.welcome();
  const second = await access.welcome();
  const open = (secret: string | undefined) => browser.send('POST', '/api/session/link', { secret, ...anna });
  assert.equal((await open(first)).code, 'link-expired');
  now = new Date('2026-01-01T00:15:00Z');
  assert.equal((await open(second)).code, 'link-expired');
  const third = await access.welcome();
  now = new Date('2026-01-01T00:29:59Z');
  assert.equal((await open(third)).status, 201);
});

test('a link that was refused can be used again', async () => {
  const { url, access } = await openConsoleListener();
  const browser = new Browser(url);
  const secret = await access.welcome();
  const open = (change: object) => browser.send('POST', '/api/session/link', { secret, ...anna, ...change });
  assert.equal((await open({ password: 'short' })).code, 'malformed-message');
  assert.equal((await open({ name: ' \u0000' })).code, 'malformed-message');
  assert.equal((await open({ name: '<b>' })).code, 'malformed-message');
  assert.equal((await open({ secret: 'x'.repeat(24) })).code, 'link-expired');
  assert.equal((await open({})).status, 201);
  const next = await access.makeLink('viewer');
  assert.equal((await open({ secret: next })).code, 'name-taken');
  assert.equal((await open({ secret: next, name: 'Bert' })).status, 201);
});

test('two who open one link at once: one account is made', async () => {
  const { url, access, database } = await openConsoleListener();
  const secret = await access.welcome();
  const open = (name: string) =>
    new Browser(url).send('POST', '/api/session/link', { secret, ...anna, name });
  const answers = await Promise.all([open('Anna'), open('Bert')]);
  assert.deepEqual(
    answers.map(one => one.status).sort((a, b) => a - b),
    [201, 410],
  );
  assert.equal((await database.query('select from account')).length, 1);
});

test('a wrong password and an unknown name are refused alike', async () => {
  const { url, access } = await openConsoleListener();
  await access.openLink({ secret: (await access.welcome())!, ...anna });
  const browser = new Browser(url);
  const answers = await Promise.all([
    browser.send('POST', '/api/session', { ...anna, password: 'wrong' }),
    browser.send('POST', '/api/session', { ...anna, name: 'nobody' }),
    browser.send('POST', '/api/session', { ...anna, name: '\u0000' }),
  ]);
  for (const answer of answers) assert.deepEqual(answer.json, answers[0].json);
  assert.deepEqual([answers[0].status, answers[0].code], [401, 'wrong-name-or-password']);
});

test('who guesses is slowed down', async () => {
  const { url } = await openConsoleListener();
  const browser = new Browser(url);
  const guess = () => browser.send('POST', '/api/session', { name: '?', password: 'x' });
  for (let n = 0; n < 20; n++) assert.equal((await guess()).status, 401);
  const slowed = await guess();
  assert.deepEqual([slowed.status, slowed.code], [429, 'too-many-requests']);
  assert.equal(slowed.headers.get('retry-after'), '600');
});

test('a session id that was there before signing in is worth nothing after it', async () => {
  const { url, access } = await openConsoleListener();
  const browser = new Browser(url);
  await browser.send('POST', '/api/session/link', { secret: await access.welcome(), ...anna });
  const planted = browser.cookie!;
  await browser.send('POST', '/api/session', anna);
  assert.notEqual(browser.cookie, planted);
  const answer = await fetch(`${url}/api/session`, { headers: { cookie: planted } });
  assert.equal(answer.status, 401);
});

test('what another site makes a browser send is refused', async () => {
  const { url } = await openConsoleListener();
  const browser = new Browser(url);
  const send = (headers: Record<string, string>) => browser.send('POST', '/api/session', anna, headers);
  assert.equal((await send({ 'sec-fetch-site': 'cross-site' })).code, 'cross-site-request');
  assert.equal((await send({ 'sec-fetch-site': 'same-site' })).code, 'cross-site-request');
  assert.equal(
    (await send({ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' })).code,
    'cross-site-request',
  );
  const silent = await fetch(`${url}/api/session`, { method: 'POST', body: '{}' });
  assert.equal(silent.status, 403);
  assert.equal((await send({ origin: url })).code, 'wrong-name-or-password');
});

test('ended links and sessions are forgotten', async () => {
  const { url, access, database } = await openConsoleListener();
  await new Browser(url).send('POST', '/api/session/link', { secret: await access.welcome(), ...anna });
  await access.makeLink('viewer');
  await access.forgetExpired(new Date());
  assert.equal((await database.query('select from browser_session')).length, 1);
  assert.equal((await database.query('select from sign_in_link')).length, 2);
  await access.forgetExpired(new Date(Date.now() + 24 * 3_600_000));
  assert.equal((await database.query('select from browser_session')).length, 0);
  assert.equal((await database.query('select from sign_in_link')).length, 0);
});
