import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ensureTlsIdentity } from '../../server/http/tls-identity.ts';
import { judge, readDrive } from '../../agent/lab/judge.ts';
import { readMachine, writeMachine } from '../../agent/lab/machine-record.ts';
import { machine } from '../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { FakeServer, organization } from './support/fake-server.ts';

const main = path.resolve(import.meta.dirname, '../../agent/main.ts');

/** Runs the agent as a process of its own. */
function runAgent(...args: readonly string[]) {
  return new Promise<{ code: number; events: Record<string, unknown>[]; errors: string }>(resolve => {
    execFile(process.execPath, [main, ...args, '--json-events'], (error, stdout, errors) => {
      const events =
        stdout.trim() === ''
          ? []
          : stdout
              .trim()
              .split('\n')
              .map(line => JSON.parse(line) as never);
      resolve({ code: error ? Number(error.code) : 0, events, errors });
    });
  });
}

test('as a process over TLS: enrol, recover, boot, confirm', async t => {
  const { privateKey: key, certificate, pin } = ensureTlsIdentity(temporaryFolder());
  const fake = new FakeServer();
  const server = https.createServer({ key, cert: certificate }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = new Uint8Array(Buffer.concat(pieces));
      const base = { method: 'POST', server: '', pins: [], timeoutMs: 0 } as const;
      const result = fake.respond({ ...base, path: request.url ?? '', headers, body });
      assert.ok(result.ok);
      response.writeHead(result.status, result.headers).end(result.body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-agent-'));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    fs.rmSync(directory, { recursive: true });
  });

  await machine.build(directory);
  const broken = readMachine(directory);
  const bundle = path.join(directory, 'bundle.json');
  const { port } = server.address() as AddressInfo;
  fs.writeFileSync(
    bundle,
    JSON.stringify({
      organization,
      servers: [`https://127.0.0.1:${port}`],
      pins: [pin],
      trust: fake.trust({ serverPins: [pin] }),
      token: 'bm-enrol-0123456789abcdef',
      settings: { waitIntervalMinutes: 1, totalWaitMinutes: 5 },
    }),
  );
  writeMachine(directory, { ...broken, running: 'windows' });
  const enrolled = await runAgent('enrol', '--machine', directory, '--bundle', bundle);
  assert.equal(enrolled.code, 0, JSON.stringify(enrolled));
  writeMachine(directory, broken);

  const before = readDrive(directory);
  const recovered = await runAgent('recover', '--machine', directory);
  assert.equal(recovered.code, 10, JSON.stringify(recovered, null, 1));
  assert.deepEqual(recovered.events.at(-1), { event: 'end', kind: 'reboot' });
  const headlines = recovered.events.filter(one => one['event'] === 'screen').map(one => one['headline']);
  assert.ok(headlines.includes('Repairing') && headlines.at(-1) === 'Done');

  const judged = judge(directory, machine, before);
  assert.ok(judged.healed, JSON.stringify(judged));
  assert.equal((await runAgent('confirm', '--machine', directory)).code, 0);
  assert.deepEqual(
    fake.told.slice(-2).map(({ kind }) => kind),
    ['booted', 'readiness'],
  );

  const again = await runAgent('recover', '--machine', directory);
  assert.equal(again.code, 20);
  assert.deepEqual(again.events, [
    {
      event: 'end',
      kind: 'handed-over',
      code: 'not-our-turn',
      message: 'No failed start, no marker and no test brought us here.',
    },
  ]);
});

test('wrong usage says how to use it', async () => {
  const { code, errors } = await runAgent('repair', '--machine', 'x');
  assert.equal(code, 1);
  assert.match(errors, /machine\.json/);
  const missing = await runAgent('recover');
  assert.equal(missing.code, 2);
  assert.match(missing.errors, /usage: node agent\/main\.ts recover/);
});
