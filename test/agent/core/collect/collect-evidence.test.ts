import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvidence } from '../../../../agent/core/collect/collect-evidence.ts';
import { MemoryDisk } from '../../../../agent/host/memory-disk.ts';
import { buildCsagentCrash } from '../../../../agent/lab/evidence/csagent-crash.ts';
import { buildDriverFile } from '../../../../agent/lab/evidence/driver-file.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';
import { machine } from '../../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { parseFacts } from '../../../../shared/facts/parse-facts.ts';
import { buildBroken } from '../../support/world.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';

const crashedAt = new Date('2024-07-19T04:22:21.000Z');
const reason = {
  kind: 'failed-boot',
  failedStarts: 2,
  lastFailedAtMs: crashedAt.getTime() - 11_000,
} as const;
const long = (name: string, at: number) => `${name}-${'x'.repeat(30)}-${at}`;

/** A machine with much of everything, whose suspected driver lies where only the registry says. */
function crowdedDisk() {
  const imagePath = '\\??\\C:\\Program Files\\Falcon\\csagent.sys';
  const filters = Array.from({ length: 40 }, (_, at) => long('filter', at));
  const packages = Array.from({ length: 300 }, (_, at) => ({
    name: `Package_for_${long('Contoso', at)}~31bf3856ad364e35~amd64~~10.0.22621.${at}`,
    state: 0x60,
    installedAt: '2024-07-09T10:00:00.000Z',
  }));
  const files = Array.from({ length: 60 }, (_, at) => [
    `Windows\\System32\\drivers\\${long('driver', at)}.sys`,
    new Uint8Array(10),
  ]);
  return diskOf({
    'pagefile.sys': new Uint8Array(buildCsagentCrash({ capturedAt: crashedAt })),
    'Program Files\\Falcon\\csagent.sys': buildDriverFile({ version: '7.15.18513.0', linkedAt: crashedAt }),
    'Windows\\System32\\config\\SYSTEM': buildSystemHive({
      computerName: 'LAB-7',
      drivers: [{ name: 'CSAgent', start: 1, imagePath }],
      diskFilters: filters,
    }),
    'Windows\\System32\\config\\SOFTWARE': buildSoftwareHive({
      build: 22_631,
      revision: 3880,
      machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
      packages,
      securityProducts: Array.from({ length: 9 }, (_, at) => long('Guard', at)),
    }),
    ...Object.fromEntries(files),
  });
}

test('a driver is found where the registry says that Windows loads it from', () => {
  const { host, windows } = foundOn({ C: crowdedDisk() });
  const { facts } = collectEvidence(host, windows, reason, 'LAB-7');
  assert.equal(facts['driver.csagent.path'], '%programfiles%\\falcon\\csagent.sys');
  assert.equal(facts['driver.csagent.version'], '7.15.18513.0');
  assert.equal(facts['driver.csagent.start'], 'system');
});

test('with much of everything, the most telling facts stay and files keep their room', () => {
  const { host, windows } = foundOn({ C: crowdedDisk() });
  const { facts } = collectEvidence(host, windows, reason, 'LAB-7');
  assert.deepEqual(parseFacts(facts).dropped, []);
  const size = JSON.stringify(facts).length;
  assert.ok(size <= 2700, `${size} bytes`);
  const names = Object.keys(facts);
  for (const name of ['crash.signature', 'os.revision', 'service.csagent.imagePath', 'setup.state'])
    assert.ok(names.includes(name), name);
  assert.ok(names.filter(name => name.startsWith('file.')).length >= 5);
  assert.ok(!names.some(name => name.startsWith('filter.')), 'filters are the first to go');
});

test('looking changes nothing and costs a few hundred calls', async () => {
  const { disk: snapshot, lastFailedAtMs } = await buildBroken(machine);
  const disk = new MemoryDisk(snapshot);
  const before = disk.snapshot();
  const { host, windows } = foundOn({ C: disk });
  collectEvidence(host, windows, { ...reason, lastFailedAtMs }, 'LAPTOP-4711');
  assert.deepEqual(disk.snapshot(), before);
  assert.deepEqual([...new Set(host.calls.map(call => call.name))].sort(), [
    'files.find',
    'files.hash',
    'files.list',
    'files.read',
    'machine.readIdentity',
  ]);
  assert.ok(host.calls.length < 300, `${host.calls.length} calls`);
});
