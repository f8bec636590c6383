import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { MemoryHost } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { serverAddress } from '../support/fake-server.ts';
import { listenProxy, listenTls, type Mischief, overTls } from '../support/tls-world.ts';
import { createWorld, listQuarantine } from '../support/world.ts';

const html = {
  ok: true,
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: new Uint8Array(Buffer.from('<html><body>Please accept the terms of Hotel Wi-Fi</body></html>')),
} as const;

/** The menu came in time, and screen and log say why. */
function expectMenu(host: MemoryHost, logged: string) {
  assert.equal(host.ended(), 'handed-over');
  assert.ok(host.clock.monotonicMs() < 200 * 60_000, 'inside the total wait time');
  assert.ok(
    host.screens.some(({ detail }) => /cannot be reached/.test(detail)),
    'the screen says it',
  );
  const messages = host.entries.map(one => `${one.code} ${one.message} ${JSON.stringify(one.details ?? {})}`);
  assert.ok(
    messages.some(one => one.includes(logged)),
    `the log says ${logged}`,
  );
}

test('a key that is not pinned ends in the menu, and the impostor got no byte of the body', async () => {
  const world = await createWorld(machine);
  const impostor = await listenTls({ server: world.server });
  const memory = world.start();
  const host = overTls(memory, serverAddress, impostor.address, '0'.repeat(64));
  const end = await runRecovery(host);
  host.close();
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.equal(impostor.bodyBytes(), 0);
  expectMenu(memory, 'not pinned');
});

test('a proxy that opens TLS, and a captive portal, are impostors', async () => {
  const world = await createWorld(machine);
  const portal = await listenTls({ respond: () => html });
  const memory = world.start();
  const host = overTls(memory, serverAddress, portal.address, '0'.repeat(64));
  await runRecovery(host);
  host.close();
  assert.equal(portal.bodyBytes(), 0);
  expectMenu(memory, 'not pinned');
});

test('a server behind the right key that answers with a page is asked again, and its page is no order', async () => {
  const world = await createWorld(machine);
  let pages = 3;
  const portal = await listenTls({
    server: world.server,
    respond: (() => (pages-- > 0 ? html : undefined)) as () => typeof html,
  });
  const memory = world.start();
  const host = overTls(memory, serverAddress, portal.address, portal.pin);
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  host.close();
  assert.ok(memory.entries.some(one => one.code === 'server-not-answering'));
});

test('a certificate that expired years ago is good while its key is pinned', async () => {
  const world = await createWorld(machine);
  const expired = await listenTls({ server: world.server, expiredForDays: 900 });
  const memory = world.start({ wallMs: Date.parse('2015-03-01T00:00:00Z') });
  const host = overTls(memory, serverAddress, expired.address, expired.pin);
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  host.close();
});

test('names that lead nowhere cost one try each; the literal address behind them is asked', async () => {
  const names = ['https://rescue.contoso.invalid:8443', 'https://rescue2.contoso.invalid:8443'];
  const world = await createWorld(machine, {}, [...names, serverAddress]);
  const listener = await listenTls({ server: world.server });
  const memory = world.start();
  const host = overTls(memory, serverAddress, listener.address, listener.pin);
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  host.close();
});

test('wherever the connection is cut, stalls or trickles, the machine is healed once', async t => {
  const measure = await runThrough();
  assert.ok(measure.throughBytes > 5000);
  t.diagnostic(`${measure.throughBytes} bytes in the whole exchange, check-in ${measure.checkInBytes} bytes`);
  for (const kind of ['cut', 'stall', 'trickle'] as const)
    for (let tenth = 0; tenth < 10; tenth++) {
      const afterBytes = Math.floor((measure.throughBytes * tenth) / 10);
      const { end, orders, quarantined } = await runThrough({ kind, afterBytes });
      assert.deepEqual(end, { kind: 'reboot' }, `${kind} at ${tenth} tenths`);
      assert.equal(quarantined, 1, `${kind} at ${tenth} tenths: one file moved once`);
      assert.equal(orders, 1, `${kind} at ${tenth} tenths: one attempt`);
    }
});

async function runThrough(mischief?: { readonly kind: Mischief; readonly afterBytes: number }) {
  const world = await createWorld(machine);
  const listener = await listenTls({ server: world.server });
  const proxy = await listenProxy(listener.port, mischief);
  const host = overTls(world.start(), serverAddress, `https://127.0.0.1:${proxy.port}`, listener.pin);
  const end = await runRecovery(host);
  host.close();
  const orders = new Set(world.server.outcomes.map(one => one.attemptId)).size;
  const [checkIn] = world.server.checkIns;
  return {
    end,
    orders,
    quarantined: listQuarantine(world.disk).length,
    throughBytes: proxy.throughBytes(),
    checkInBytes: Buffer.byteLength(JSON.stringify(checkIn)),
  };
}
