import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProvisioningBundle, type ProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import type { HttpResult } from '../../../agent/host/host.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { FakeServer, ok, organization, serverAddress, serverPin } from '../support/fake-server.ts';
import { buildBroken } from '../support/world.ts';

async function healthy(server: FakeServer, over: Partial<MemoryHostOptions> = {}) {
  const disk = new MemoryDisk((await buildBroken(machine)).disk);
  const start = (seed: number) =>
    createMemoryHost({
      disks: { C: disk },
      environment: 'windows',
      startReason: { kind: 'other' },
      bootEntryVolume: 'C:\\',
      identity: { name: 'LAPTOP-4711', model: 'Contoso Book 14' },
      servers: { [serverAddress]: server.memoryServer },
      seed,
      ...over,
    });
  return { disk, start };
}

function bundleOf(server: FakeServer, over: Partial<ProvisioningBundle> = {}): ProvisioningBundle {
  return {
    organization,
    servers: [serverAddress],
    pins: [serverPin],
    trust: server.trust(),
    token: 'bm-enrol-0123456789abcdef',
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    ...over,
  };
}

const devicePath = parsePath('C:\\ProgramData\\Bootmend\\device.json');

test('enrolling makes a key that only this volume holds', async () => {
  const server = new FakeServer();
  const { disk, start } = await healthy(server);
  assert.deepEqual(await runEnrol(start(1), bundleOf(server)), {
    kind: 'enrolled',
    keyId: `${organization}/device-1/1`,
    state: 'active',
  });
  const device = JSON.parse(Buffer.from(disk.read(devicePath, 0, 1e6)).toString()) as Record<string, string>;
  const told = server.told[0];
  assert.ok(told?.kind === 'enrol');
  assert.deepEqual(told.message.device, { name: 'LAPTOP-4711', model: 'Contoso Book 14' });
  assert.match(device['secretKey'] ?? '', /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify(server.told).includes(device['secretKey'] ?? ''));
});

test('an answer that was lost: the repeat is the same device, and a third time asks nobody', async () => {
  let isLost = true;
  const keys = new Set<string>();
  const lost: HttpResult = {
    ok: false,
    failure: { kind: 'ambiguous', code: 'connection-lost', message: '' },
  };
  const server = new FakeServer({
    trouble: ({ body }) => {
      const parsed = parseEnrolRequest(JSON.parse(Buffer.from(body).toString()));
      if (parsed.ok) keys.add(parsed.value.publicKey);
      return isLost ? lost : undefined;
    },
  });
  const { start } = await healthy(server);
  assert.equal((await runEnrol(start(1), bundleOf(server))).kind, 'failed');
  isLost = false;
  assert.equal((await runEnrol(start(2), bundleOf(server))).kind, 'enrolled');
  assert.equal((await runEnrol(start(3), bundleOf(server))).kind, 'enrolled');
  assert.deepEqual([keys.size, server.told.length], [1, 1]);
});

test('a trust document without its own threshold, or of another organization, is not believed', async () => {
  const server = new FakeServer();
  const cases: readonly (readonly [string, Partial<ProvisioningBundle>])[] = [
    ['not-enough-signatures', { trust: server.trust({ threshold: 2 }, ['ada']) }],
    ['wrong-organization', { trust: server.trust({ organization: 'fabrikam' }) }],
  ];
  for (const [code, over] of cases) {
    const { disk, start } = await healthy(server);
    const end = await runEnrol(start(1), bundleOf(server, over));
    assert.equal(end.kind === 'failed' && end.code, code);
    assert.equal(disk.find(devicePath), undefined);
  }
});

test('a server that names a device of another organization enrols nobody', async () => {
  const server = new FakeServer();
  const { disk, start } = await healthy(server, {
    servers: {
      [serverAddress]: {
        pin: serverPin,
        respond: () => ok({ version: 1, keyId: 'fabrikam/device-1/1', state: 'active', trust: [] }),
      },
    },
  });
  const end = await runEnrol(start(1), bundleOf(server));
  assert.equal(end.kind === 'failed' && end.code, 'key-id-not-ours');
  const device = JSON.parse(Buffer.from(disk.read(devicePath, 0, 1e6)).toString()) as Record<string, string>;
  assert.equal(device['state'], 'enrolling');
});

test('enrolling is for a healthy Windows', async () => {
  const server = new FakeServer();
  const { start } = await healthy(server, { environment: 'recovery' });
  const end = await runEnrol(start(1), bundleOf(server));
  assert.equal(end.kind === 'failed' && end.code, 'not-in-windows');
});

test('a bundle is read with the place of its first mistake', () => {
  const good = bundleOf(new FakeServer());
  assert.ok(parseProvisioningBundle(good).ok);
  const broken: Readonly<Record<string, unknown>> = {
    servers: { ...good, servers: ['http://10.0.0.5'] },
    pins: { ...good, pins: ['abc'] },
    token: { ...good, token: 'short' },
    'settings.waitIntervalMinutes': { ...good, settings: { ...good.settings, waitIntervalMinutes: 0 } },
  };
  for (const [place, input] of Object.entries(broken)) {
    const parsed = parseProvisioningBundle(input);
    assert.ok(!parsed.ok && parsed.problem.path.startsWith(place), place);
  }
});
