import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { problem } from '../../../shared/api/problem.ts';
import { openConsoleListener } from '../../support/console-listener.ts';

const filesDir = mkdtempSync(path.join(os.tmpdir(), 'bootmend-console-'));
after(() => rmSync(filesDir, { recursive: true, force: true }));
mkdirSync(path.join(filesDir, 'assets'));
writeFileSync(path.join(filesDir, 'index.html'), '<!doctype html><title>Bootmend</title>');
writeFileSync(path.join(filesDir, 'assets/main-abc123.js'), '1');
writeFileSync(path.join(filesDir, 'favicon.svg'), '<svg/>');

const { url, port, events } = await openConsoleListener({ filesDir });
const get = async (at: string, headers: Record<string, string> = { accept: 'text/html' }) => {
  const response = await fetch(url + at, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test('every address of a page gives the page, which is asked for anew each time', async () => {
  for (const at of ['/', '/incidents', '/incidents/0190-x', '/welcome']) {
    const { status, headers, text } = await get(at);
    assert.equal(status, 200, at);
    assert.match(text, /<title>Bootmend/);
    assert.equal(headers.get('cache-control'), 'no-cache');
  }
});

test('files named by their content are kept for ever, others are asked for anew', async () => {
  assert.match(
    (await get('/assets/main-abc123.js')).headers.get('cache-control') ?? '',
    /max-age=31536000, immutable/,
  );
  assert.equal((await get('/favicon.svg')).headers.get('cache-control'), 'no-cache');
});

test('what is missing is missing, as JSON', async () => {
  for (const at of [
    '/assets/gone.js',
    '/picture.png',
    '/api/gone',
    '/api',
    '/assets/..%2f..%2fpackage.json',
  ]) {
    const { status, text } = await get(at);
    assert.equal(status, 404, at);
    assert.equal(problem.parse(JSON.parse(text)).error.code, 'not-found', at);
  }
});

test('the API never answers with the page', async () => {
  assert.equal((await get('/api/session')).status, 401);
});

test('scripts run only from here, and no other page may frame the console', async () => {
  const { headers } = await get('/');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('x-powered-by'), null);
});

test('on loopback the console answers to its own names only', async () => {
  const asking = request({
    host: '127.0.0.1',
    port,
    path: '/api/session',
    headers: { host: 'evil.example' },
  });
  asking.end();
  const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  assert.equal(response.statusCode, 404);
});

test('a body that is no JSON, or too large, is refused with its code', async () => {
  const post = async (body: string) => {
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    });
    return [response.status, problem.parse(await response.json()).error.code];
  };
  assert.deepEqual(await post('{'), [400, 'malformed-json']);
  assert.deepEqual(await post(`"${'x'.repeat(1_100_000)}"`), [413, 'body-too-large']);
  assert.deepEqual(await post('[]'), [400, 'malformed-message']);
});

test('health and readiness tell their checks', async () => {
  assert.deepEqual(JSON.parse((await get('/health')).text), { status: 'ok', version: '0.0.0', checks: {} });
  assert.deepEqual(JSON.parse((await get('/ready')).text), {
    status: 'ok',
    version: '0.0.0',
    checks: { database: 'ok' },
  });
});

test('live events reach every reader; who leaves is forgotten, who is too many waits', async () => {
  const open = async () => {
    const gone = new AbortController();
    const response = await fetch(`${url}/api/events`, { signal: gone.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const read = async () => (await reader?.read())?.value;
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      read,
      leave: () => gone.abort(),
    };
  };
  const [one, two] = [await open(), await open()];
  assert.equal(one.type, 'text/event-stream; charset=utf-8');
  assert.equal(await one.read(), 'retry: 2000\n\n');
  await two.read();
  const third = await open();
  assert.equal(third.status, 503);
  events.send({ n: 1 });
  assert.equal(await one.read(), 'data: {"n":1}\n\n');
  assert.equal(await two.read(), 'data: {"n":1}\n\n');
  one.leave();
  while (events.readers > 1) await new Promise(setImmediate);
  events.close();
  assert.equal(events.readers, 0);
  assert.equal(await two.read(), undefined);
});
