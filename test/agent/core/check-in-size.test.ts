import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { DeviceRecord } from '../../../agent/core/device-record.ts';
import { buildCsagentCrash } from '../../../agent/lab/evidence/csagent-crash.ts';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { buildSoftwareHive, buildSystemHive } from '../../../agent/lab/registry/windows-hives.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import type { CheckIn } from '../../../shared/wire/check-in.ts';
import type { FakeServerOptions } from '../support/fake-server.ts';
import { createWorld } from '../support/world.ts';

const mostBytes = 4096;
const firmware = {
  name: 'NOTEBOOK-DER-BUCHHALTUNG-IN-KÖLN-00000042',
  model: 'HP EliteBook 840 14 inch G10 Notebook PC',
  serial: '5CG3141592-VERTRIEB-WEST-0001',
  smbiosId: '4c4c4544-0042-3510-804a-b5c04f325231',
  firmwareVersion: 'V70 Ver. 01.05.02 (HP, 2024-03-28)',
};
const failedAgain = {
  kind: 'failed-boot',
  failedStarts: 3,
  lastFailedAtMs: Date.parse('2024-07-19T05:00:00Z'),
} as const;

/** What office machines have: some 300 packages, 200 drivers that are not of Windows, filters, many products, not all in ASCII. */
async function createFullWorld(programs: number, options: FakeServerOptions = {}) {
  const bodies: Buffer[] = [];
  const trouble: FakeServerOptions['trouble'] = ({ path, body }) => {
    if (path === '/v1/check-in') bodies.push(Buffer.from(body));
    return undefined;
  };
  const world = await createWorld(machine, { ...options, trouble }, undefined, firmware.name);
  const place = (path: string, bytes: Uint8Array, writtenAtMs = Date.parse('2024-07-18T20:00:00Z')) =>
    world.disk.place(parsePath(path).components, { bytes, writtenAtMs });
  const drivers = Array.from({ length: 200 }, (_, at) => ({
    name: `ContosoDeviceService${at}`,
    start: at % 4,
    imagePath: `\\SystemRoot\\System32\\drivers\\contoso-device-service-${at}.sys`,
  }));
  for (const [at, { name }] of drivers.entries())
    place(
      `C:\\Windows\\System32\\drivers\\${name}-${'x'.repeat(20)}.sys`,
      buildDriverFile({ version: `7.1.${at}.0`, linkedAt: new Date('2024-05-06T07:08:09Z') }),
    );
  const config = 'C:\\Windows\\System32\\config';
  place(
    `${config}\\SYSTEM`,
    buildSystemHive({
      computerName: firmware.name.slice(0, 15),
      drivers: [...drivers, { name: 'CSAgent', start: 1 }],
      diskFilters: Array.from({ length: 12 }, (_, at) => `ContosoDiskFilter${at}`),
    }),
  );
  place(
    `${config}\\SOFTWARE`,
    buildSoftwareHive({
      build: 22_631,
      revision: 3880,
      machineGuid: '3b5f1f2e-4711-4d6a-8c1e-0a9d5b7c2e11',
      packages: Array.from({ length: 300 }, (_, at) => ({
        name: `Package_for_KB50${40_000 + at}~31bf3856ad364e35~amd64~~22621.${3000 + at}.1.10`,
        state: at % 50 === 0 ? 0x60 : 0x70,
        installedAt: '2024-07-09T18:20:44.000Z',
      })),
      securityProducts: [
        'CrowdStrike Falcon Sensor',
        'ウイルス対策ソフト エンタープライズ版',
        'Contoso Guard',
      ],
    }),
  );
  // The crash is of now, as on a machine that crashes at every start.
  place('C:\\Windows\\Minidump\\071924-9328-01.dmp', buildCsagentCrash({ capturedAt: new Date() }));
  const devicePath = parsePath('C:\\ProgramData\\Bootmend\\device.json').components;
  const record = JSON.parse(
    Buffer.from(world.disk.read(parsePath('C:\\ProgramData\\Bootmend\\device.json'), 0, 1e6)).toString(),
  ) as DeviceRecord;
  const allowed = Array.from({ length: programs }, (_, at) => ({
    path: `%ProgramFiles%\\Contoso\\Repair Tools\\contoso-repair-${at}.exe`,
    sha256: 'ab'.repeat(32),
  }));
  const bytes = Buffer.from(JSON.stringify({ ...record, programs: allowed }));
  world.disk.place(devicePath, { bytes, writtenAtMs: 1 });
  return { world, bodies };
}

const readBody = (body: Buffer | undefined) => JSON.parse(String(body)) as CheckIn;

test('the first check-in of a full machine takes at most 4 kB, also after an attempt that did not help', async t => {
  const { world, bodies } = await createFullWorld(3);
  await runRecovery(world.start({ identity: firmware }));
  await runRecovery(world.start({ identity: firmware, startReason: failedAgain }));
  assert.ok(bodies.length >= 2);
  t.diagnostic(bodies.map(({ length }) => `${length} bytes`).join(', '));
  assert.equal(readBody(bodies[1]).previousAttempt?.state, 'returned');
  for (const body of bodies) {
    assert.ok(body.length <= mostBytes, `${body.length} bytes`);
    assert.ok(body.length >= mostBytes / 2, `${body.length} bytes: there was room for more`);
    const { facts, evidence, programs } = readBody(body);
    for (const name of ['crash.signature', 'crash.module', 'os.revision', 'driver.csagent.version'])
      assert.ok(name in facts, name);
    assert.ok(evidence.length >= 3);
    assert.equal(programs?.length, 3);
  }
});

test('what had no room is told when the first check-in explained nothing', async () => {
  let asked = 0;
  const decide: FakeServerOptions['decide'] = () =>
    asked++ === 0 ? { kind: 'wait', seconds: 1, jitterSeconds: 0, reason: 'looking' } : stop;
  const stop = { kind: 'stop', reason: 'no-known-issue' } as const;
  const { world, bodies } = await createFullWorld(3, { decide });
  await runRecovery(world.start({ identity: firmware }));
  const [first, second] = bodies.map(readBody);
  assert.ok(bodies[0]!.length <= mostBytes);
  const [before, after] = [Object.keys(first!.facts), Object.keys(second!.facts)];
  assert.ok(before.every(name => after.includes(name)));
  assert.ok(after.length > before.length);
});

test('as many programs as a list may hold leave the facts that explain a crash', async () => {
  const { world, bodies } = await createFullWorld(32);
  await runRecovery(world.start({ identity: firmware }));
  const { facts, programs } = readBody(bodies[0]);
  assert.equal(programs?.length, 32);
  assert.ok('crash.signature' in facts && 'os.revision' in facts);
  assert.ok(Buffer.byteLength(JSON.stringify(facts)) <= 1600);
});
