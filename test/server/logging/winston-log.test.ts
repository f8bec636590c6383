import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createLog, type LogOptions } from '../../../server/logging/winston-log.ts';

function capture(options: Partial<LogOptions> = {}) {
  const stream = new PassThrough();
  const log = createLog({ level: 'debug', format: 'json', ...options, stream });
  const text = async () => {
    await new Promise(setImmediate); // winston writes in a later turn
    let written = '';
    const next = () => stream.read() as Buffer | null;
    for (let chunk = next(); chunk; chunk = next()) written += chunk.toString();
    return written;
  };
  return { log, text, entry: async () => JSON.parse(await text()) as Record<string, unknown> };
}

test('an event is one line of JSON with its area', async () => {
  const { log, entry } = capture();
  log.area('intake').info('incident opened', { incident: 'K7Q2', reports: 1 });
  const { timestamp, ...rest } = await entry();
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(rest, {
    level: 'info',
    area: 'intake',
    message: 'incident opened',
    incident: 'K7Q2',
    reports: 1,
  });
});

test('what could be a secret or a body is never written', async () => {
  const { log, text } = capture();
  log.info('signed in', {
    password: 'hunter22',
    enrolmentToken: 'bm-enrol-x',
    cookie: 'sid=1',
    name: 'anna',
  });
  log.info('body', {
    body: { facts: 'deep' } as unknown as string,
    bytes: Buffer.from('deep') as unknown as string,
  });
  const cause = new Error('connect to postgres://bootmend:pa55word@127.0.0.1:5432/postgres failed');
  log.error('away', {}, new Error('no database', { cause }));
  const written = await text();
  for (const hidden of ['hunter22', 'bm-enrol-x', 'sid=1', 'deep', 'pa55word'])
    assert.ok(!written.includes(hidden), hidden);
  assert.match(written, /anna/);
  assert.match(written, /no database <- Error: connect to postgres:\/\/bootmend:\*\*\*@/);
});

test('a device cannot write lines of its own, nor long ones', async () => {
  const { log, text } = capture({ format: 'pretty' });
  log.warn('refused', { name: `x\n2026-01-01 error forged \x1b[2J${'y'.repeat(5000)}` });
  const written = await text();
  assert.equal(written.split('\n').length, 2);
  assert.ok(written.length < 700);
  assert.ok(!written.includes('\x1b[2J'));
});

test('an error tells its code, its causes and where', async () => {
  const { log, entry } = capture();
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  log.error('failed', {}, new TypeError('outer', { cause }));
  const { error, stack } = await entry();
  assert.equal(error, 'TypeError: outer <- Error [ECONNREFUSED]: refused');
  assert.match(String(stack), /winston-log\.test/);
});

test('a level says how much is written', async () => {
  const { log, text } = capture({ level: 'warn' });
  log.info('no');
  log.debug('no');
  assert.equal(await text(), '');
});
