import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personLink, personList } from '../../../shared/api/person.ts';
import { Browser, openConsoleListener } from '../../support/console-listener.ts';

const { url, access } = await openConsoleListener();
const password = 'a long enough password';
const join = async (name: string, secret: string) => {
  const browser = new Browser(url);
  const answer = await browser.send('POST', '/api/session/link', { secret, name, password });
  assert.equal(answer.status, 201);
  return browser;
};
const admin = await join('anna', (await access.welcome())!);
const idOf = async (name: string) =>
  personList.parse((await admin.send('GET', '/api/people')).json).people.find(person => person.name === name)!
    .accountId;
const signIn = (name: string, typed = password) =>
  new Browser(url).send('POST', '/api/session', { name, password: typed });

test('an admin invites a person, gives another role, and the sessions of before end', async () => {
  const link = personLink.parse((await admin.send('POST', '/api/people', { role: 'viewer' })).json);
  const vera = await join('vera', link.secret);
  assert.equal((await vera.send('GET', '/api/session')).status, 200);
  const id = await idOf('vera');
  assert.equal((await admin.send('PUT', `/api/people/${id}/role`, { role: 'author' })).status, 204);
  assert.equal((await vera.send('GET', '/api/session')).status, 401);
  assert.equal((await signIn('vera')).status, 201);
});

test('who is disabled is out at once, and in again when enabled', async () => {
  const bert = await join('bert', await access.makeLink('operator'));
  const id = await idOf('bert');
  assert.equal((await admin.send('POST', `/api/people/${id}/disable`)).status, 204);
  assert.equal((await bert.send('GET', '/api/session')).status, 401);
  assert.equal((await signIn('bert')).code, 'wrong-name-or-password');
  assert.equal((await admin.send('POST', `/api/people/${id}/enable`)).status, 204);
  assert.equal((await signIn('bert')).status, 201);
});

test('a reset refuses the old password at once; the link works once and for its own name alone', async () => {
  await join('carla', await access.makeLink('viewer'));
  const id = await idOf('carla');
  const { secret } = personLink.parse((await admin.send('POST', `/api/people/${id}/reset`)).json);
  assert.equal((await signIn('carla')).status, 401);
  const open = (name: string) =>
    new Browser(url).send('POST', '/api/session/link', { secret, name, password: 'another long password' });
  assert.equal((await open('anna')).status, 401);
  assert.equal((await open('carla')).status, 201);
  assert.equal((await open('carla')).status, 410);
  assert.equal((await signIn('carla', 'another long password')).status, 201);
});

test('the last admin who can sign in stays one', async () => {
  const id = await idOf('anna');
  for (const [method, path, body] of [
    ['POST', 'disable', undefined],
    ['PUT', 'role', { role: 'operator' }],
  ] as const)
    assert.equal((await admin.send(method, `/api/people/${id}/${path}`, body)).code, 'last-admin', path);
  await join('dora', await access.makeLink('admin'));
  assert.equal((await admin.send('POST', `/api/people/${id}/disable`)).status, 204);
  assert.equal((await admin.send('GET', '/api/people')).status, 401);
});
