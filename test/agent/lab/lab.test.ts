import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { judge, readDrive } from '../../../agent/lab/judge.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { readMachine } from '../../../agent/lab/machine-record.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { nearMiss } from '../../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';

async function build(t: TestContext, one: LabMachine) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-lab-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  await one.build(directory);
  const real = (name: string) => path.join(directory, 'C', ...name.split('\\'));
  return { directory, real };
}

/** What a right repair does, by hand. */
function repairByHand(real: (name: string) => string): void {
  const quarantine = real('ProgramData\\Bootmend\\quarantine\\by-hand');
  fs.mkdirSync(quarantine, { recursive: true });
  for (const [at, bad] of machine.bad.entries())
    fs.renameSync(real(bad), path.join(quarantine, String(at + 1)));
}

test('the machine stands in WinRE after two crashes in csagent.sys, and crashes again', async t => {
  const { directory, real } = await build(t, machine);
  const { running, firmware } = readMachine(directory);
  assert.deepEqual([running, firmware.failedStarts, firmware.startReason], ['recovery', 2, 'failed-boot']);
  assert.deepEqual(tryBoot(directory), { kind: 'crashed', driver: 'csagent.sys', entersRecovery: true });
  assert.equal(fs.readFileSync(real('pagefile.sys')).toString('latin1', 0, 8), 'PAGEDU64');
  assert.ok(fs.statSync(real(machine.bad[0]!)).mtime.toISOString().startsWith('2024-07-19T04:09'));
});

test('two builds are the same machine', async t => {
  const [one, two] = [await build(t, machine), await build(t, machine)];
  assert.deepEqual([...readDrive(one.directory)], [...readDrive(two.directory)]);
  assert.deepEqual(readMachine(one.directory), readMachine(two.directory));
});

test('repaired by hand, the machine boots and is judged healed', async t => {
  const { directory, real } = await build(t, machine);
  const before = readDrive(directory);
  repairByHand(real);
  const judged = judge(directory, machine, before);
  assert.ok(judged.healed, JSON.stringify(judged));
  assert.deepEqual(judged.deleted, machine.bad);
  assert.deepEqual(judged.kept, machine.good);
  assert.equal(readMachine(directory).running, 'windows');
  assert.ok(fs.readdirSync(real('Windows\\Minidump')).length === 1);
});

test('the judge sees every other change', async t => {
  const damages: Readonly<Record<string, (real: (name: string) => string) => void>> = {
    'nothing was done': () => undefined,
    'a good file is gone too': real => {
      repairByHand(real);
      fs.rmSync(real(machine.good[0]!));
    },
    'the bad file was removed for good': real => fs.rmSync(real(machine.bad[0]!)),
    'a byte changed': real => {
      repairByHand(real);
      const [file, at] = [real('Users\\Ada\\Documents\\thesis.docx'), new Date('2024-07-18T21:40:00.000Z')];
      fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size));
      fs.utimesSync(file, at, at);
    },
    'a time changed': real => {
      repairByHand(real);
      fs.utimesSync(real('Windows\\notepad.exe'), 1, 1);
    },
    'a file appeared': real => {
      repairByHand(real);
      fs.writeFileSync(real('Windows\\left-over.tmp'), '');
    },
    'Windows no longer starts': real => {
      repairByHand(real);
      fs.rmSync(real('Windows\\System32\\winload.efi'));
    },
  };
  for (const [what, damage] of Object.entries(damages)) {
    const { directory, real } = await build(t, machine);
    const before = readDrive(directory);
    damage(real);
    assert.equal(judge(directory, machine, before).healed, false, what);
  }
});

test('the near miss stands in WinRE after the same crash, and boots untouched', async t => {
  const { directory } = await build(t, nearMiss);
  assert.equal(readMachine(directory).running, 'recovery');
  const before = readDrive(directory);
  const judged = judge(directory, nearMiss, before);
  assert.ok(judged.healed, JSON.stringify(judged));
  assert.deepEqual(judged.deleted, []);
});
