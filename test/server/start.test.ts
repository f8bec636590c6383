import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { parseRefusal } from '../../shared/wire/refusal.ts';
import { signedHeaders } from '../support/device-client.ts';
import { deviceKey, knownKeyId } from '../support/device-listener.ts';
import { top } from '../support/imports.ts';
import { startTestServer, temporaryDataDir, testConfig } from '../support/running-server.ts';

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | undefined;
}

/** Sends to the device listener, whose certificate is known by its pin only. */
async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const asking = request(url, { rejectUnauthorized: false, agent: false, ...options });
  asking.end(options.body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const refusal = parseRefusal(JSON.parse(Buffer.concat(chunks).toString()));
  return {
    status: response.statusCode ?? 0,
    code: refusal.ok ? refusal.value.error.code : undefined,
    retryAfter: response.headers['retry-after'],
  };
}

const checkIn = (deviceUrl: string) => {
  const body = '{}';
  const about = { keyId: knownKeyId, method: 'POST', path: '/v1/check-in', body: Buffer.from(body) };
  return ask(`${deviceUrl}/v1/check-in`, { method: 'POST', body, headers: signedHeaders(deviceKey, about) });
};

test('while the database is away devices and people are put off; when it is back everything goes on', async () => {
  const config = testConfig();
  const server = await startTestServer(config);
  const get = async (at: string) => {
    const response = await fetch(server.consoleUrl + at, { headers: { cookie: 'bootmend=s%3Ax.y' } });
    await response.body?.cancel();
    return [response.status, response.headers.get('retry-after')];
  };
  assert.deepEqual(await checkIn(server.deviceUrl), {
    status: 401,
    code: 'unknown-device-key',
    retryAfter: undefined,
  });
  assert.deepEqual(await get('/ready'), [200, null]);

  // The disk of the database goes away with it, so that it cannot be started again for a while.
  const data = path.join(config.dataDir, 'postgres/data');
  const postmaster = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  renameSync(data, `${data}.away`);
  process.kill(postmaster, 'SIGKILL');
  const putOff = { status: 503, code: 'database-unavailable', retryAfter: '5' };
  while ((await get('/ready'))[0] === 200);
  for (let n = 0; n < 3; n++) assert.deepEqual(await checkIn(server.deviceUrl), putOff);
  assert.deepEqual(
    await Promise.all(Array.from({ length: 50 }, () => checkIn(server.deviceUrl))),
    Array.from({ length: 50 }, () => putOff),
  );
  assert.deepEqual(await get('/ready'), [503, '5']);
  assert.deepEqual(await get('/health'), [200, null]);

  renameSync(`${data}.away`, data);
  while ((await get('/ready'))[0] !== 200);
  assert.equal((await checkIn(server.deviceUrl)).code, 'unknown-device-key');
  assert.deepEqual(
    await Promise.all(Array.from({ length: 50 }, async () => (await checkIn(server.deviceUrl)).status)),
    Array(50).fill(401),
  );
  await server.stop();
});

test('everything the server keeps is readable by its owner only', async () => {
  const config = testConfig();
  const server = await startTestServer(config);
  await server.stop();
  assert.equal(statSync(config.dataDir).mode & 0o777, 0o700);
  const keys = path.join(config.dataDir, 'keys');
  for (const name of readdirSync(keys))
    assert.equal(statSync(path.join(keys, name)).mode & 0o777, 0o600, name);
});

test('a second server over the same data is refused by name; after a stop the same pin comes back', async () => {
  const config = testConfig();
  const server = await startTestServer(config);
  await assert.rejects(startTestServer(config), /Another Bootmend server runs over/);
  assert.ok(server.welcomeLink?.startsWith(`${server.consoleUrl}/welcome#`));
  await server.stop();
  const again = await startTestServer(config);
  assert.deepEqual(again.pins, server.pins);
  assert.notEqual(again.welcomeLink?.split('#')[1], server.welcomeLink?.split('#')[1]);
  await again.stop();
});

test('a start that fails half-way stops what it had started', async () => {
  const config = testConfig();
  const server = await startTestServer(config);
  const taken = Number(new URL(server.consoleUrl).port);
  const other = testConfig({ consolePort: taken });
  await assert.rejects(startTestServer(other), /is in use/);
  assert.throws(() => readFileSync(path.join(other.dataDir, 'postgres/data/postmaster.pid')), {
    code: 'ENOENT',
  });
  await server.stop();
});

/** `npm start` as a process, with its printed lines. */
async function startMain(
  env: Record<string, string>,
): Promise<{ child: ChildProcess; lines: string[]; until: (pattern: RegExp) => Promise<string> }> {
  const child = spawn(process.execPath, [path.join(top, 'server/main.ts')], {
    env: {
      ...process.env,
      BOOTMEND_BUILD_CONSOLE: 'never',
      BOOTMEND_CONSOLE_PORT: '0',
      BOOTMEND_DEVICE_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', line => {
      lines.push(line);
      for (const wake of waiting.splice(0)) wake();
    });
  const until = async (pattern: RegExp) => {
    for (;;) {
      const found = lines.find(line => pattern.test(line));
      if (found !== undefined) return found;
      await new Promise<void>(resolve => waiting.push(resolve));
    }
  };
  return { child, lines, until };
}

test('npm start prints where things are and a link for the first admin, and stops at a signal', async () => {
  const dataDir = temporaryDataDir();
  const { child, lines, until } = await startMain({ BOOTMEND_DATA_DIR: dataDir });
  const link = await until(/\/welcome#/);
  const secret = link.split('#')[1]!;
  assert.equal(lines.filter(line => line.includes(secret)).length, 1);
  await until(/pin [0-9a-f]{64}/);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.throws(() => readFileSync(path.join(dataDir, 'postgres/data/postmaster.pid')), { code: 'ENOENT' });
});

test('npm start with settings that cannot be used says so in a sentence', async () => {
  const { child, lines } = await startMain({ BOOTMEND_CONSOLE_ADDRESS: '0.0.0.0' });
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^Bootmend did not start\. BOOTMEND_CONSOLE_ADDRESS is 0\.0\.0\.0/);
});
