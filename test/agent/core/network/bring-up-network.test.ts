import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../../agent/core/run-recovery.ts';
import { MemoryDisk } from '../../../../agent/host/memory-disk.ts';
import type { MemoryHostOptions } from '../../../../agent/host/memory-host.ts';
import { parsePath } from '../../../../agent/host/windows-path.ts';
import { dword, list, text } from '../../../../agent/lab/registry/key-plan.ts';
import { buildSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';
import { LabNetwork, type LabNetworkOptions } from '../../../../agent/lab/tools/lab-network.ts';
import { machine } from '../../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld } from '../../support/world.ts';

const rescue = { ssid: 'Rescue', password: `it's "<secret>" & more` };

async function startWith(
  network: Omit<LabNetworkOptions, 'readFile'>,
  prepare: (disk: MemoryDisk) => void = () => undefined,
  over: Partial<MemoryHostOptions> = {},
) {
  const world = await createWorld(machine);
  prepare(world.disk);
  const image = new MemoryDisk();
  const lab = new LabNetwork({
    ...network,
    readFile: path => Buffer.from(image.read(parsePath(path), 0, 1e6)).toString(),
  });
  const host = world.start({
    disks: { C: world.disk, X: image },
    tools: lab.tools,
    networkUp: () => lab.isUp(),
    ...over,
  });
  const end = await runRecovery(host);
  const way = host.entries.find(one => one.code === 'network-up')?.details?.['way'];
  const logged = JSON.stringify([host.entries, host.screens, world.server.told]);
  assert.ok(!logged.includes('secret'), 'a password is in no log, on no screen and on no wire');
  assert.deepEqual(image.list(parsePath('X:\\')) ?? [], [], 'no profile stays on X:');
  // Every start looks whether the volume is encrypted; this lab has networks alone.
  assert.deepEqual(
    lab.mistakes.filter(one => !one.startsWith('manage-bde -status')),
    [],
  );
  return { end, way, host, lab };
}

const withWifi = (...wifi: readonly object[]) => {
  const bytes = Buffer.from(JSON.stringify({ version: 1, wifi }));
  return (disk: MemoryDisk) =>
    disk.place(parsePath('C:\\ProgramData\\Bootmend\\network.json').components, { bytes, writtenAtMs: 1 });
};

test('Ethernet comes up by itself once the network of the image is started', async () => {
  const { end, way } = await startWith({ ethernet: 'dhcp' });
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(way, 'ethernet');
});

test('without Ethernet the networks are joined in their order, WPA3 before WPA2', async () => {
  const wrong = { ssid: 'Old office', password: 'not-secret-any-more' };
  const { end, way, lab, host } = await startWith(
    { hasWifi: true, wifi: [{ ...rescue, security: 'WPA2PSK' }] },
    withWifi(wrong, rescue),
  );
  assert.deepEqual(end, { kind: 'reboot' });
  assert.equal(way, 'wifi');
  assert.deepEqual(lab.profiles, ['Rescue']);
  const tried = host.entries
    .filter(one => one.code === 'wifi-not-joined')
    .map(one => one.details?.['security']);
  assert.deepEqual(tried, ['WPA3SAE', 'WPA2PSK', 'WPA3SAE']);
});

test('a network of WPA3 is joined as one', async () => {
  const { way, host } = await startWith(
    { hasWifi: true, wifi: [{ ...rescue, security: 'WPA3SAE' }] },
    withWifi(rescue),
  );
  assert.equal(way, 'wifi');
  assert.ok(!host.entries.some(one => one.code === 'wifi-not-joined'));
});

const withAddress = (disk: MemoryDisk) => {
  const bytes = buildSystemHive({
    computerName: 'LAPTOP-4711',
    more: [
      {
        path: 'Services\\Tcpip\\Parameters\\Interfaces\\{11111111-0000-0000-0000-000000000000}',
        values: [
          dword('EnableDHCP', 1),
          text('DhcpIPAddress', '10.0.0.7'),
          text('DhcpSubnetMask', '255.255.255.0'),
          list('DhcpDefaultGateway', '10.0.0.1'),
          text('DhcpNameServer', '10.0.0.2 10.0.0.3'),
          dword('LeaseObtainedTime', 1_721_000_000),
        ],
      },
    ],
  });
  const config = ['Windows', 'System32', 'config'];
  disk.place([...config, 'SYSTEM'], { bytes, writtenAtMs: 1 });
  for (const log of ['LOG1', 'LOG2'])
    disk.place([...config, `SYSTEM.${log}`], { bytes: new Uint8Array(0), writtenAtMs: 1 });
};

test('with DHCP down the last address of this Windows is used again', async () => {
  const { way, host } = await startWith(
    { ethernet: { address: '10.0.0.7', gateway: '10.0.0.1' } },
    withAddress,
  );
  assert.equal(way, 'last-known-address');
  const dns = host.calls.filter(one => one.name === 'tools.run' && one.subject.includes('dnsservers'));
  assert.equal(dns.length, 2);
});

test('with no way at all it is tried again until the time is over, and the address is given back', async () => {
  const { end, host } = await startWith({}, withAddress);
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.ok(host.clock.monotonicMs() < 181 * 60_000);
  const runs = host.calls.filter(one => one.name === 'tools.run').map(one => one.subject);
  assert.ok(runs.at(-1)?.endsWith('source=dhcp'));
});

test('a key opens the menu while the network is being looked for', async () => {
  const { end, host } = await startWith({}, undefined, { keyPressedAtMs: 12_000 });
  assert.equal(end.kind === 'handed-over' && end.code, 'key-pressed');
  assert.ok(host.clock.monotonicMs() <= 14_000);
});

test('a key that was pressed while a tool was running counts, also when the network is up then', async () => {
  const { end } = await startWith({ ethernet: 'dhcp' }, undefined, { keyPressedAtMs: 1000 });
  assert.equal(end.kind === 'handed-over' && end.code, 'key-pressed');
});

test('however many networks there are, the total wait time holds', async () => {
  const many = Array.from({ length: 16 }, (_, at) => ({
    ssid: `Office ${at}`,
    password: 'not-secret-any-more',
  }));
  const waits = (disk: MemoryDisk) => {
    withWifi(...many)(disk);
    const place = parsePath('C:\\ProgramData\\Bootmend\\device.json');
    const device = JSON.parse(Buffer.from(disk.read(place, 0, 1e6)).toString()) as object;
    const settings = { waitIntervalMinutes: 1, totalWaitMinutes: 3 };
    const bytes = new Uint8Array(Buffer.from(JSON.stringify({ ...device, settings })));
    disk.place(place.components, { bytes, writtenAtMs: 1 });
  };
  const { end, host, lab } = await startWith({ hasWifi: true, wifi: [] }, waits);
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.ok(host.clock.monotonicMs() <= 182_000, `${host.clock.monotonicMs()} ms`);
  const asked = host.calls.filter(one => one.name === 'tools.run' && / wlan connect /.test(one.subject));
  assert.ok(asked.length >= 4 && asked.length <= 10, `${asked.length} of 32 were asked for`);
  assert.deepEqual(lab.profiles, []);
});

test('an image without tools goes on to the offline bundle and the menu', async () => {
  const world = await createWorld(machine);
  const host = world.start({ networkUp: () => false });
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.ok(host.entries.some(one => one.code === 'network-not-initialized'));
});
