import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lockVolume,
  readBitLocker,
  readRecoveryKeyIds,
  readVolumeLock,
  unlockVolume,
} from '../../../agent/core/bitlocker.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld } from '../support/world.ts';
import { isRecoveryPassword } from '../../../shared/winre/recovery-password.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { LabBitLocker, labLanguages } from '../../../agent/lab/tools/lab-bitlocker.ts';

const recoveryPassword = Array.from({ length: 8 }, () => '000011').join('-');
const keyId = '{6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB}';
const volumesOf = () => [
  { drive: 'C:', isEncrypted: true, locked: true, keyId, recoveryPassword },
  { drive: 'D:', isEncrypted: false, locked: false, keyId: '', recoveryPassword: '' },
];

for (const language of labLanguages)
  test(`a lock is read and opened whatever words manage-bde uses: ${language}`, async () => {
    const lab = new LabBitLocker(volumesOf(), language);
    const host = createMemoryHost({ disks: { C: new MemoryDisk() }, tools: lab.tools });
    assert.equal(await readVolumeLock(host, 'C:\\'), 'locked');
    assert.equal(await readVolumeLock(host, 'D:\\'), 'none');
    assert.deepEqual(await readRecoveryKeyIds(host, 'C:\\'), [keyId]);
    assert.equal(await unlockVolume(host, 'C:\\', recoveryPassword), true);
    assert.equal(await readVolumeLock(host, 'C:\\'), 'unlocked');
    assert.deepEqual(await readRecoveryKeyIds(host, 'C:\\'), [keyId], 'and never the password itself');
    assert.equal(await lockVolume(host, 'C:\\'), true);
    assert.deepEqual(lab.mistakes, []);
  });

test('a wrong password opens nothing, and one that can be none is not even tried', async () => {
  const lab = new LabBitLocker(volumesOf());
  const host = createMemoryHost({ disks: { C: new MemoryDisk() }, tools: lab.tools });
  const other = Array.from({ length: 8 }, () => '000022').join('-');
  assert.equal(await unlockVolume(host, 'C:\\', other), false);
  const runs = host.calls.length;
  for (const none of ['', '1'.repeat(48), '000012-'.repeat(8).slice(0, -1), `${recoveryPassword} & calc`]) {
    assert.equal(isRecoveryPassword(none), false);
    assert.equal(await unlockVolume(host, 'C:\\', none), false);
  }
  assert.equal(host.calls.length, runs);
});

test('without manage-bde nothing is known of a lock', async () => {
  const host = createMemoryHost({ disks: { C: new MemoryDisk() } });
  assert.equal(await readVolumeLock(host, 'C:\\'), 'unknown');
  assert.deepEqual(await readRecoveryKeyIds(host, 'C:\\'), []);
});

test('a protection that is suspended is told by what manage-bde ends with, in every language', async () => {
  for (const language of labLanguages)
    for (const [change, state] of [
      [{}, 'unlocked'],
      [{ isSuspended: true }, 'suspended'],
      [{ isEncrypted: false }, 'none'],
      [{ locked: true }, 'locked'],
    ] as const) {
      const lab = new LabBitLocker([{ ...volumesOf()[0]!, locked: false, ...change }], language);
      const host = createMemoryHost({ disks: { C: new MemoryDisk() }, tools: lab.tools });
      assert.equal(await readBitLocker(host, 'C:\\'), state, language);
    }
});

test('the first check-in tells how BitLocker stands, as its tool says and not as the letters look', async () => {
  const world = await createWorld(machine);
  const volume = { ...volumesOf()[0]!, locked: false, isSuspended: true };
  const lab = new LabBitLocker([volume], 'japanese');
  await runRecovery(world.start({ tools: lab.tools }));
  assert.equal(world.server.checkIns[0]?.facts['volume.bitlocker'], 'suspended');
  assert.deepEqual(lab.mistakes, []);
});
