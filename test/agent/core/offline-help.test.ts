import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConfirm } from '../../../agent/core/run-confirm.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { nearMiss } from '../../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { connectionRefused, FakeServer, refused } from '../support/fake-server.ts';
import { diskOf } from '../support/windows-disk.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const bundlePlace = 'C:\\ProgramData\\Bootmend\\offline.json';
const bytesOf = (sealed: Envelope) => Buffer.from(JSON.stringify(sealed));
const put = (disk: MemoryDisk, sealed: Envelope) =>
  disk.place(parsePath(bundlePlace).components, { bytes: bytesOf(sealed), writtenAtMs: 1 });
const signer = new FakeServer();

test('a machine that finds no network heals itself from the bundle on the Windows volume', async () => {
  const world = await createWorld(machine);
  put(world.disk, signer.offlineBundle());
  const host = world.start({ networkUp: () => false });
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(listQuarantine(world.disk).length, 1);
  assert.equal(world.server.told.filter(one => one.kind !== 'enrol').length, 0);

  const confirming = world.start({
    environment: 'windows',
    servers: {
      'https://10.0.0.5:8443': { pin: 'c0'.repeat(32), respond: () => refused('unknown-episode', 404) },
    },
  });
  assert.deepEqual(await runConfirm(confirming), { kind: 'confirmed' });
});

test('a machine whose server is away heals itself from the bundle in the image', async () => {
  const world = await createWorld(machine, { trouble: () => connectionRefused });
  const image = diskOf({ [imagePlaces.bundle]: bytesOf(signer.offlineBundle()) });
  const host = world.start({ disks: { C: world.disk, X: image } });
  assert.deepEqual(await runRecovery(host), { kind: 'reboot' });
  assert.equal(listQuarantine(world.disk).length, 1);
});

test('no other volume is believed: neither a bundle on it, nor settings, nor networks', async () => {
  const world = await createWorld(machine);
  const sealed = bytesOf(signer.offlineBundle());
  const data = diskOf({
    [imagePlaces.bundle]: sealed,
    'ProgramData\\Bootmend\\offline.json': sealed,
    'ProgramData\\Bootmend\\network.json': Buffer.from(
      JSON.stringify({ version: 1, wifi: [{ ssid: 'Evil twin', password: 'a long password' }] }),
    ),
    [imagePlaces.settings]: Buffer.from('{"version":1,"purpose":"rescue"}'),
  });
  const before = listFiles(world.disk);
  const disks = { C: world.disk, D: data, E: data };
  const host = world.start({ disks, networkUp: () => false, bitLocker: { C: 'unlocked', D: 'none' } });
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.deepEqual(listFiles(world.disk), before);
  const opened = host.calls.filter(
    ({ name, subject }) => name.startsWith('files.read') && /^[DE]:/.test(subject),
  );
  assert.deepEqual(opened, [], 'they are not even opened');
});

test('a server that answers decides; the bundle is not asked', async () => {
  const world = await createWorld(machine, { decide: () => ({ kind: 'stop', reason: 'policy-never' }) });
  put(world.disk, signer.offlineBundle());
  const end = await runRecovery(world.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'policy-never');
});

test('a machine that only looks like it is not touched', async () => {
  const world = await createWorld(nearMiss);
  put(world.disk, signer.offlineBundle());
  const before = listFiles(world.disk);
  const end = await runRecovery(world.start({ networkUp: () => false }));
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  assert.deepEqual(listFiles(world.disk), before);
});

const attacks: readonly (readonly [string, string, () => Envelope])[] = [
  ['sealed by another key', 'not-enough-signatures', () => signer.offlineBundle({ sealedBy: 'mallory' })],
  ['sealed by an approver', 'not-enough-signatures', () => signer.offlineBundle({ sealedBy: 'ada' })],
  [
    'of another organization',
    'wrong-organization',
    () => signer.offlineBundle({ bundle: { organization: 'fabrikam' } }),
  ],
  ['expired', 'expired', () => signer.offlineBundle({ bundle: { expiresAt: '2026-11-01T00:00:00.000Z' } })],
  [
    'changed after it was sealed',
    'not-enough-signatures',
    () => {
      const sealed = signer.offlineBundle();
      return { ...sealed, payload: `${sealed.payload.slice(0, -8)}AAAAAAA=` };
    },
  ],
];
for (const [name, code, make] of attacks)
  test(`a bundle ${name} decides nothing`, async () => {
    const world = await createWorld(machine);
    put(world.disk, make());
    const before = listFiles(world.disk);
    const host = world.start({ networkUp: () => false });
    const end = await runRecovery(host);
    assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
    assert.deepEqual(listFiles(world.disk), before);
    const entry = host.entries.find(one => one.code === 'offline-bundle-not-believed');
    assert.equal(entry?.details?.['code'], code);
  });

test('a script in a good bundle still needs its approvers', async () => {
  const world = await createWorld(machine, { threshold: 2 });
  put(world.disk, new FakeServer({ threshold: 2 }).offlineBundle({ signers: ['ada'] }));
  const before = listFiles(world.disk);
  const host = world.start({ networkUp: () => false });
  await runRecovery(host);
  assert.deepEqual(listFiles(world.disk), before);
  assert.equal(
    host.entries.find(one => one.code === 'offline-script-refused')?.details?.['code'],
    'not-enough-signatures',
  );
});

test('what has no way back is never done without a server that ordered it', async () => {
  const update = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.1992.1.7';
  const script = [
    'remediation "Remove an update"',
    '  risk high',
    '',
    'require driver csagent version at least 7.11',
    '',
    `remove package ${update}, accepting no undo`,
    '',
    'reboot',
    '',
  ].join('\n');
  const world = await createWorld(machine);
  put(world.disk, signer.offlineBundle({ script, approval: { risk: 'high' } }));
  const before = listFiles(world.disk);
  const host = world.start({ networkUp: () => false });
  const end = await runRecovery(host);
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
  const refusal = host.entries.find(one => one.code === 'offline-script-refused');
  assert.equal(refusal?.details?.['code'], 'one-way');
  assert.deepEqual(listFiles(world.disk), before);
});

test('what did not heal is not tried again without a network', async () => {
  const world = await createWorld(machine);
  put(world.disk, signer.offlineBundle());
  assert.deepEqual(await runRecovery(world.start({ networkUp: () => false })), { kind: 'reboot' });
  const again = {
    ...world.startReason,
    failedStarts: 4,
    lastFailedAtMs: world.startReason.lastFailedAtMs! + 60_000,
  };
  const end = await runRecovery(world.start({ networkUp: () => false, startReason: again }));
  assert.equal(end.kind === 'handed-over' && end.code, 'time-is-up');
});

test('an older bundle is refused once a newer one was used', async () => {
  const world = await createWorld(machine);
  put(world.disk, signer.offlineBundle());
  await runRecovery(world.start({ networkUp: () => false }));
  put(world.disk, signer.offlineBundle({ bundle: { version: 6 } }));
  const again = { ...world.startReason, failedStarts: 4 };
  const host = world.start({ networkUp: () => false, startReason: again });
  await runRecovery(host);
  assert.equal(
    host.entries.find(one => one.code === 'offline-bundle-not-believed')?.details?.['code'],
    'version-not-newer',
  );
});
