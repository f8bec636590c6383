import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../../agent/host/host.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { stateFolderOn } from '../../../agent/core/state-folder.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import {
  busy,
  connectionRefused,
  type FakeServerOptions,
  refused,
  serverAddress,
} from '../support/fake-server.ts';
import { createWorld, listFiles } from '../support/world.ts';

test('a server that is away for a while is asked again, and nothing is lost', async () => {
  const world = await createWorld(machine, {
    trouble: (_, number) => (number <= 6 ? connectionRefused : undefined),
  });
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  const waits = host.calls
    .filter(call => call.name === 'clock.wait')
    .map(call => Number.parseInt(call.subject, 10));
  assert.equal(waits.length, 6);
  for (const [at, ms] of waits.entries()) assert.ok(ms >= 5000 * 2 ** at && ms <= 6250 * 2 ** at, `${ms} ms`);
  assert.equal(world.server.outcomes.length, 1);
});

test('Retry-After is obeyed', async () => {
  const world = await createWorld(machine, {
    trouble: (_, number) => (number === 1 ? busy(120) : undefined),
  });
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  const [wait] = host.calls.filter(call => call.name === 'clock.wait');
  assert.match(wait?.subject ?? '', /^120\d{3} ms$/);
});

test('an answer lost on its way is asked for again with the same bytes', async () => {
  const bodies: string[] = [];
  const world = await createWorld(machine, {
    trouble: ({ body, path }, number) => {
      if (path === '/v1/check-in') bodies.push(Buffer.from(body).toString());
      return number === 1
        ? { ok: false, failure: { kind: 'ambiguous', code: 'connection-lost', message: 'cut off' } }
        : undefined;
    },
  });
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(bodies.length, 2);
  assert.equal(bodies[0], bodies[1]);
});

test('an outcome that cannot be told does not keep a repaired machine from starting', async () => {
  const world = await createWorld(machine, {
    trouble: ({ path }) => (path === '/v1/outcome' ? connectionRefused : undefined),
  });
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  assert.equal(world.server.outcomes.length, 0);
});

test('several servers are tried in order', async () => {
  const second = 'https://10.0.0.6:8443';
  const world = await createWorld(machine, {}, [second, serverAddress]);
  const host = world.start();
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  const asked = host.calls.filter(call => call.name === 'network.request').map(call => call.subject);
  assert.deepEqual(asked.slice(0, 2), [`${second}/v1/check-in`, `${serverAddress}/v1/check-in`]);
});

test('without a network the agent waits until its time is up', async () => {
  const world = await createWorld(machine);
  const host = world.start({ networkUp: () => false });
  const end = await runRecovery(host);
  assert.ok(end.kind === 'handed-over');
  assert.equal(end.code, 'time-is-up');
  const { atMs = 0 } = host.entries.at(-1) ?? {};
  assert.equal(Math.round(atMs / 60_000), 180);
});

test('the machine looks again every interval, and troubles in a row never take longer between two tries', async () => {
  const waitsOf = async (options: FakeServerOptions) => {
    const world = await createWorld(machine, options);
    const host = world.start();
    const device = stateFolderOn('C:\\').device;
    const known = JSON.parse(Buffer.from(host.files.read(device, 0, 100_000)).toString()) as object;
    host.files.remove(device);
    const settings = { waitIntervalMinutes: 4, totalWaitMinutes: 60 };
    host.files.create(device, Buffer.from(JSON.stringify({ ...known, settings })));
    const end = await runRecovery(host);
    assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
    return host.calls
      .filter(call => call.name === 'clock.wait')
      .map(call => Number.parseInt(call.subject, 10))
      .slice(0, -1);
  };
  const looks = await waitsOf({ decide: () => ({ kind: 'carry-on' }) });
  assert.ok(looks.length >= 11 && looks.length <= 15, `${looks.length} looks in an hour`);
  for (const ms of looks) assert.ok(ms >= 240_000 && ms <= 300_000, `${ms} ms`);
  const retries = await waitsOf({ trouble: () => connectionRefused });
  assert.ok(retries.at(-1)! >= 240_000);
  for (const ms of retries) assert.ok(ms <= 300_000, `${ms} ms`);
});

test('a proxy that is away is asked once for all servers', async () => {
  const second = 'https://10.0.0.6:8443';
  const world = await createWorld(machine, {}, [second, serverAddress], 'LAPTOP-4711', 'proxy:3128');
  const host = world.start();
  const ways: (string | undefined)[] = [];
  const network = {
    ...host.network,
    request: (one: HttpRequest) => {
      ways.push(one.proxy);
      return host.network.request(one);
    },
  };
  assert.deepEqual(await runRecovery({ ...host, network }), { kind: 'reboot' });
  assert.deepEqual(ways.slice(0, 3), ['proxy:3128', undefined, undefined]);
});

test('a key press during any wait opens the menu at once', async () => {
  for (const options of [
    { trouble: () => connectionRefused },
    { trouble: () => busy(300) },
    { decide: () => ({ kind: 'wait', seconds: 600, jitterSeconds: 60, reason: 'awaiting-person' }) },
    { decide: () => ({ kind: 'carry-on' }) },
  ] satisfies FakeServerOptions[]) {
    const world = await createWorld(machine, options);
    const before = listFiles(world.disk);
    const host = world.start({ keyPressedAtMs: 9000 });
    const end = await runRecovery(host);
    assert.ok(end.kind === 'handed-over');
    assert.equal(end.code, 'key-pressed');
    assert.equal(host.clock.monotonicMs(), 9000);
    assert.deepEqual(listFiles(world.disk), before);
  }
});

test('a key press in the middle of an exchange asks no other server, and no offline bundle', async () => {
  for (const kind of ['transient', 'ambiguous'] as const) {
    const pressed = {
      ok: false,
      failure: { kind, code: 'key-pressed', message: 'A key was pressed.' },
    } as const;
    const world = await createWorld(machine, { trouble: () => pressed }, [
      serverAddress,
      'https://10.0.0.6:8443',
    ]);
    const host = world.start();
    const end = await runRecovery(host);
    assert.equal(end.kind === 'handed-over' && end.code, 'key-pressed');
    assert.equal(host.calls.filter(({ name }) => name === 'network.request').length, 1);
    assert.ok(!host.calls.some(({ subject }) => /offline\.json/.test(subject)));
    assert.match(host.screens.at(-1)?.detail ?? '', /^A key was pressed\. /);
  }
});

test('the server may ask to wait, then order: each check-in has a nonce and a sequence of its own', async () => {
  const decide: FakeServerOptions['decide'] = (told, server) => {
    if (told.kind !== 'check-in') return { kind: 'carry-on' };
    if (server.checkIns.length === 3) return server.remediate(told.message);
    return { kind: 'wait', seconds: 600, jitterSeconds: 60, reason: 'awaiting-person' };
  };
  const world = await createWorld(machine, { decide });
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  const { checkIns } = world.server;
  assert.deepEqual(
    checkIns.map(one => one.sequence),
    [1, 2, 3],
  );
  assert.equal(new Set(checkIns.map(one => one.nonce)).size, 3);
  assert.equal(new Set(checkIns.map(one => one.episode)).size, 1);
});

test('stop, and a refusal, hand over', async () => {
  const stopped = await createWorld(machine, {
    decide: () => ({ kind: 'stop', reason: 'never-for-this-group' }),
  });
  const stop = await runRecovery(stopped.start());
  assert.equal(stop.kind === 'handed-over' && stop.code, 'never-for-this-group');
  const unknown = await createWorld(machine, { trouble: () => refused('unknown-device', 403) });
  const refusal = await runRecovery(unknown.start());
  assert.equal(refusal.kind === 'handed-over' && refusal.code, 'unknown-device');
});

test('an answer that is no answer is no order', async () => {
  const nonsense = {
    ok: true,
    status: 200,
    headers: {},
    body: new Uint8Array(Buffer.from('{"version":1}')),
  } as const;
  const world = await createWorld(machine, { trouble: () => nonsense });
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.deepEqual(listFiles(world.disk), before);
});

test('where our document says nothing of waits, the minutes of Windows’ own recovery count', async () => {
  const world = await createWorld(machine, { trouble: () => connectionRefused });
  const { files } = world.start();
  const folder = stateFolderOn('C:\\');
  const { settings: _, ...device } = JSON.parse(
    Buffer.from(files.read(folder.device, 0, 100_000)).toString(),
  ) as Record<string, unknown>;
  files.remove(folder.device);
  files.create(folder.device, Buffer.from(JSON.stringify(device)));
  const lastFor = async () => {
    const host = world.start();
    const end = await runRecovery(host);
    assert.ok(end.kind === 'handed-over' && end.code === 'time-is-up');
    return Math.round(host.clock.monotonicMs() / 60_000);
  };
  assert.equal(await lastFor(), 180);
  files.create(folder.waits, Buffer.from('{"waitIntervalMinutes":2,"totalWaitMinutes":7}'));
  assert.equal(await lastFor(), 7);
});
