import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createMemoryHost,
  type HostCall,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../agent/host/memory-host.ts';
import { LabBitLocker } from '../../../agent/lab/tools/lab-bitlocker.ts';
import { healVolume } from '../../../agent/provision/heal-volume.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { serverAddress } from '../support/fake-server.ts';
import { bootmend } from '../support/healthy-machine.ts';
import { diskOf } from '../support/windows-disk.ts';
import { createWorld, listQuarantine } from '../support/world.ts';

const recoveryPassword = Array.from({ length: 8 }, () => '000011').join('-');

async function attach(isEncrypted: boolean, locked: boolean) {
  const world = await createWorld(machine);
  const volume = {
    drive: 'E:',
    isEncrypted,
    locked,
    keyId: '{11111111-1111-1111-1111-111111111111}',
    recoveryPassword,
  };
  const lab = new LabBitLocker([volume], 'german');
  const options: MemoryHostOptions = {
    disks: { C: diskOf({}), E: world.disk },
    environment: 'windows',
    startReason: { kind: 'other' },
    bootEntryVolume: 'C:\\',
    tools: lab.tools,
    servers: { [serverAddress]: world.server.memoryServer },
  };
  const start = (over: Partial<MemoryHostOptions> = {}) => createMemoryHost({ ...options, ...over });
  return { world, lab, volume, start, host: start() };
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

const relock = async (host: MemoryHost) => (await bootmend(host, 'relock')).code;

test('killed at any moment after it opened the disk, the next command locks it again', async () => {
  const whole = await attach(true, true);
  assert.ok((await healVolume(whole.host, 'E:\\', recoveryPassword)).ok);
  const { calls } = whole.host;
  const first = calls.findIndex(({ subject }) => subject.includes('-unlock'));
  const places = calls.filter(
    (_, at) => at >= first - 6 && (at < first + 6 || at % 40 === 0 || at > calls.length - 12),
  );
  for (const place of places) {
    const machine = await attach(true, true);
    let dead = false;
    const beforeCall = ({ number }: HostCall) => {
      dead ||= number >= place.number;
      if (dead) throw new Error('killed');
    };
    await healVolume(machine.start({ beforeCall }), 'E:\\', recoveryPassword).catch(() => undefined);
    assert.equal(await relock(machine.start()), 0);
    assert.equal(machine.volume.locked, true, `killed before ${place.name} ${place.subject.slice(0, 20)}`);
    assert.equal(machine.start().files.find('C:\\ProgramData\\Bootmend\\opened.json'), undefined);
  }
});

test('heal and confirm lock what a killed heal left open, too', async () => {
  for (const words of [['heal', '--volume', 'E:'], ['confirm']]) {
    const machine = await attach(true, true);
    await killed(machine);
    assert.equal(machine.volume.locked, false);
    const ran = await bootmend(machine.start(), ...words);
    assert.equal(machine.volume.locked, true, ran.out);
  }
});

test('what somebody else opened is not ours to lock: after a restart, or another disk by that letter', async () => {
  const restarted = await attach(true, true);
  await killed(restarted);
  assert.equal(await relock(restarted.start({ wallMs: 3_600_000 })), 0);
  assert.equal(restarted.volume.locked, false, 'the restart had locked it; somebody opened it since');

  const exchanged = await attach(true, true);
  await killed(exchanged);
  const other = { ...exchanged.volume, keyId: '{22222222-2222-2222-2222-222222222222}' };
  assert.equal(await relock(exchanged.start({ tools: new LabBitLocker([other], 'german').tools })), 0);
  assert.equal(other.locked, false);
});

/** A heal that ends when it would ask the server. */
async function killed({ start }: Awaited<ReturnType<typeof attach>>) {
  let dead = false;
  const beforeCall = ({ name }: HostCall) => {
    dead ||= name === 'network.request';
    if (dead) throw new Error('killed');
  };
  await healVolume(start({ beforeCall }), 'E:\\', recoveryPassword).catch(() => undefined);
}
