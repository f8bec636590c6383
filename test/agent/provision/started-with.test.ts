import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildBootStatus } from '../../../agent/lab/logs/boot-status.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import type { Readiness, ReadinessAnswer } from '../../../shared/wire/readiness.ts';
import { bootmend, createMachine } from '../support/healthy-machine.ts';

const linkedAt = new Date('2024-06-01T00:00:00Z');
const channelFile = 'C-00000291-00000000-00000032.sys';

/** A provisioned machine with real hives and a sensor, whose starts the test tells. */
async function healthyMachine(probes: ReadinessAnswer['probes'] = []) {
  const { server, host, disk, lab } = createMachine({}, { asked: () => ({ probes }) });
  const place = (name: string, bytes: Uint8Array, writtenAtMs: number) =>
    disk.place(name.split('\\'), { bytes, writtenAtMs });
  place(
    'Windows\\System32\\config\\SYSTEM',
    buildSystemHive({
      computerName: 'LAPTOP-4711',
      drivers: [{ name: 'CSAgent', start: 1, imagePath: 'system32\\drivers\\CrowdStrike\\csagent.sys' }],
    }),
    1,
  );
  place(
    'Windows\\System32\\config\\SOFTWARE',
    buildSoftwareHive({ build: 22_631, revision: 3880, machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11' }),
    1,
  );
  const sensor = (version: string) =>
    place(
      'Windows\\System32\\drivers\\CrowdStrike\\csagent.sys',
      buildDriverFile({ version, linkedAt }),
      Date.parse('2024-07-18T00:00:00Z'),
    );
  sensor('7.15.18513.0');
  await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  const start = async (startNumber: number, lastCleanStopNumber: number) => {
    const bytes = buildBootStatus({
      wasLastStartGood: true,
      wasLastStopClean: true,
      lastAliveAt: new Date('2026-11-25T12:00:00Z'),
      startNumber,
      lastCleanStopNumber,
    });
    place('Windows\\bootstat.dat', bytes, 1);
    assert.equal((await bootmend(host, 'confirm')).code, 0);
    return factsTold();
  };
  const factsTold = () =>
    server.told.flatMap(one => (one.kind === 'readiness' ? [one.message] : [])).at(-1)?.facts ?? {};
  return { server, host, lab, place, sensor, start, factsTold };
}

test('a start in order tells what Windows came up with, by the collectors of the recovery environment', async () => {
  const { host, lab, start } = await healthyMachine();
  const facts = await start(100, 99);
  assert.equal(facts['os.build'], 22_631);
  assert.equal(facts['os.revision'], 3880);
  assert.equal(facts['driver.csagent.version'], '7.15.18513.0');
  assert.equal(facts['hive.system'], 'clean');
  const file = 'file.%systemroot%\\system32\\drivers\\crowdstrike\\csagent.sys';
  assert.ok(file in facts, 'with the files that came last');
  assert.deepEqual(parseFacts(facts).dropped, []);
  assert.ok(JSON.stringify(facts).length <= 3700);
  for (const name of Object.keys(facts))
    assert.doesNotMatch(
      name,
      /^(crash\.(code|module|signature)|boot\.(failed|last)|srt|bootlog|device\.name)/,
    );
  assert.equal(
    host.files.find('C:\\ProgramData\\Bootmend\\hive-copies'),
    undefined,
    'the copies of the hives are gone',
  );
  assert.deepEqual(lab.mistakes, []);
});

test('what comes after the start is not told before the next start proves it', async () => {
  const { host, place, sensor, start, factsTold } = await healthyMachine();
  const first = await start(100, 99);
  sensor('7.16.18605.0');
  place(
    `Windows\\System32\\drivers\\CrowdStrike\\${channelFile}`,
    Uint8Array.of(0),
    Date.parse('2024-07-19T04:20:00Z'),
  );
  assert.deepEqual(await start(100, 99), first, 'the daily run tells the start again');
  await bootmend(host, 'readiness', '--send');
  assert.deepEqual(factsTold(), first);
  const second = await start(101, 100);
  assert.equal(second['driver.csagent.version'], '7.16.18605.0');
});

test('a start that followed a crash, or of which nothing is known, proves nothing', async () => {
  const { host, start, factsTold } = await healthyMachine();
  await bootmend(host, 'confirm');
  assert.deepEqual(factsTold(), {}, 'no boot status');
  assert.notDeepEqual(await start(100, 99), {});
  assert.deepEqual(await start(102, 100), {}, 'one start did not end in order');
});

test('what the server asked is answered at the next start, and only what it may ask', async () => {
  const glob = `%SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00000291*.sys`;
  const { start } = await healthyMachine([
    { kind: 'files', glob },
    { kind: 'files', glob: '%SystemRoot%\\System32\\config\\*.LOG1' },
    { kind: 'driver-version', driver: 'csagent' },
  ]);
  await start(100, 99);
  const facts = await start(101, 100);
  assert.deepEqual(facts[`searched.${glob.toLowerCase()}`], { files: 0 });
  assert.equal(facts['driver.csagent.path'], '%systemroot%\\system32\\drivers\\crowdstrike\\csagent.sys');
  assert.ok(!Object.keys(facts).some(name => name.includes('config')));
});

test('a disk that is full, or a reg that fails, costs the facts and nothing else', async () => {
  const { server, host } = createMachine();
  await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json');
  const ran = await bootmend(host, 'confirm', '--json');
  assert.equal(ran.code, 0, ran.out);
  assert.equal((JSON.parse(ran.out) as { facts: number }).facts, 0);
  assert.equal(server.told.filter(one => one.kind === 'readiness').length, 1);
  const { findings } = JSON.parse((await bootmend(host, 'readiness', '--json')).out) as Readiness;
  assert.ok(findings.length > 5);
});
