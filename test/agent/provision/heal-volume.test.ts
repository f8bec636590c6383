import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryHost, type MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { LabBitLocker } from '../../../agent/lab/tools/lab-bitlocker.ts';
import { healVolume } from '../../../agent/provision/heal-volume.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { serverAddress } from '../support/fake-server.ts';
import { diskOf } from '../support/windows-disk.ts';
import { createWorld, listQuarantine } from '../support/world.ts';

const recoveryPassword = Array.from({ length: 8 }, () => '000011').join('-');

async function attach(isEncrypted: boolean, locked: boolean) {
  const world = await createWorld(machine);
  const volume = { drive: 'E:', isEncrypted, locked, keyId: '', recoveryPassword };
  const lab = new LabBitLocker([volume], 'german');
  const options: MemoryHostOptions = {
    disks: { C: diskOf({}), E: world.disk },
    environment: 'windows',
    startReason: { kind: 'other' },
    bootEntryVolume: 'C:\\',
    tools: lab.tools,
    servers: { [serverAddress]: world.server.memoryServer },
  };
  return { world, lab, volume, host: createMemoryHost(options) };
}

test('an attached disk is healed as the device it belongs to, and nothing restarts', async () => {
  const { world, host, lab } = await attach(false, false);
  assert.deepEqual(await healVolume(host, 'E:\\'), { ok: true, value: { kind: 'reboot' } });
  assert.equal(host.ended(), undefined);
  assert.equal(listQuarantine(world.disk).length, 1);
  assert.equal(world.server.outcomes[0]?.state, 'applied');
  assert.deepEqual(lab.mistakes, []);
});

test('a locked disk is opened by its recovery password and locked again', async () => {
  const { world, host, lab, volume } = await attach(true, true);
  const without = await healVolume(host, 'E:\\');
  assert.equal(!without.ok && without.problem.code, 'volume-locked');
  const wrong = await healVolume(host, 'E:\\', Array.from({ length: 8 }, () => '000022').join('-'));
  assert.equal(!wrong.ok && wrong.problem.code, 'not-unlocked');
  assert.ok((await healVolume(host, 'E:\\', recoveryPassword)).ok);
  assert.equal(listQuarantine(world.disk).length, 1);
  assert.equal(volume.locked, true);
  assert.deepEqual(lab.mistakes, []);
  assert.ok(!JSON.stringify(host.entries).includes('000011'), 'the password is in no log');
});

test('a disk that was open stays open', async () => {
  const { host, volume } = await attach(true, false);
  assert.ok((await healVolume(host, 'E:\\', recoveryPassword)).ok);
  assert.equal(volume.locked, false);
});
