import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { serverAddress } from '../support/fake-server.ts';
import { createWorld, type World } from '../support/world.ts';

const proxy = 'proxy.contoso.example:3128';
const proxiedWorld = () => createWorld(machine, {}, [serverAddress], 'LAPTOP-4711', proxy);

/** A run whose only ways to the server are these. */
async function runWith(world: World, ways: (world: World) => Pick<MemoryHostOptions, 'servers' | 'proxies'>) {
  const host = world.start({ servers: {}, ...ways(world) });
  const end = await runRecovery(host);
  return { host, end };
}

const reachable = ({ server }: World) => ({ [serverAddress]: server.memoryServer });

test('a server that only the proxy reaches heals the machine, by as many messages as without one', async () => {
  const world = await proxiedWorld();
  const { host, end } = await runWith(world, one => ({ proxies: { [proxy]: reachable(one) } }));
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(host.calls.filter(one => one.name === 'network.request').length, 2);
});

for (const [what, proxies] of [
  ['refuses', { [proxy]: 'refuses' }],
  ['is away', {}],
] as const)
  test(`where the proxy ${what}, the direct way heals the machine`, async () => {
    const world = await proxiedWorld();
    const { end } = await runWith(world, one => ({ servers: reachable(one), proxies }));
    assert.deepEqual(end, { kind: 'reboot' });
  });

for (const [what, proxies, code, said] of [
  ['refuses', { [proxy]: 'refuses' }, 'proxy-refused', 'the proxy does not let this computer through'],
  ['is away', {}, 'proxy-unreachable', 'neither through the proxy nor directly'],
] as const)
  test(`where the proxy ${what} and nothing else leads there, the menu comes and screen and log say why`, async () => {
    const world = await proxiedWorld();
    const { host, end } = await runWith(world, () => ({ proxies }));
    assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
    assert.equal(host.ended(), 'handed-over');
    assert.ok(host.screens.some(({ detail }) => detail.includes(said)));
    const told = host.entries.find(one => one.code === 'server-not-answering');
    assert.match(
      told?.message ?? '',
      /^proxy proxy\.contoso\.example:3128: .*; directly, .* refused the connection$/,
    );
    assert.ok(host.entries.some(one => one.code === 'waiting' && one.details?.['code'] === code));
  });

test('a proxy that opens TLS gets no byte, and the direct way heals the machine', async () => {
  const world = await proxiedWorld();
  let opened = 0;
  const inspecting = {
    pin: 'f'.repeat(64),
    respond: () => {
      opened++;
      throw new Error('the body reached a proxy');
    },
  };
  const { end } = await runWith(world, one => ({
    servers: reachable(one),
    proxies: { [proxy]: { [serverAddress]: inspecting } },
  }));
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(opened, 0);
});
