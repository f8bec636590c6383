import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { HttpRequest } from '../../../agent/host/host.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type MemoryHostOptions } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { textOfDisk } from '../../support/locked-machine.ts';
import { FakeServer, organization, refused, serverAddress, serverPin } from '../support/fake-server.ts';
import { buildBroken } from '../support/world.ts';

const token = 'bm-enrol-0123456789abcdef';
const broken = await buildBroken(machine);

/** A broken machine that nobody ever enrolled, started from an image. */
function createStranger(
  over: {
    readonly token?: string;
    readonly trouble?: (request: HttpRequest) => ReturnType<typeof refused> | undefined;
  } = { token },
) {
  const server = new FakeServer(over.trouble ? { trouble: over.trouble } : {});
  const [disk, image] = [new MemoryDisk(broken.disk), new MemoryDisk()];
  const settings = {
    version: 1,
    purpose: 'rescue',
    organization,
    servers: [serverAddress],
    pins: [serverPin],
    trust: server.trust(),
    ...(over.token !== undefined && { token: over.token }),
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
  };
  image.place(imagePlaces.settings.split('\\'), {
    bytes: new Uint8Array(Buffer.from(JSON.stringify(settings))),
  });
  let seed = 20;
  const start = (change: Partial<MemoryHostOptions> = {}) =>
    createMemoryHost({
      disks: { C: disk, X: image },
      bootEntryVolume: 'C:\\',
      identity: { name: 'MINWINPC', serial: 'B5RJ12' },
      servers: { [serverAddress]: server.memoryServer },
      startReason: { kind: 'failed-boot', failedStarts: 2, lastFailedAtMs: broken.lastFailedAtMs },
      seed: seed++,
      ...change,
    });
  const enrolments = () => server.told.flatMap(one => (one.kind === 'enrol' ? [one.message] : []));
  return { server, disk, image, start, enrolments };
}

test('a machine that nobody knew makes itself known from an image, by its own name, and is helped', async () => {
  const { server, disk, image, start, enrolments } = createStranger();
  assert.deepEqual(await runRecovery(start()), { kind: 'reboot' });
  const [enrolled, ...more] = enrolments();
  assert.deepEqual(more, []);
  assert.deepEqual([enrolled!.from, enrolled!.device.serial], ['recovery', 'B5RJ12']);
  assert.notEqual(enrolled!.device.name, 'MINWINPC');
  assert.equal(server.checkIns.length, 1);
  const { secretKey } = JSON.parse(
    Buffer.from(
      disk.read({ drive: 'C', components: ['ProgramData', 'Bootmend', 'device.json'] }, 0, 1e5),
    ).toString(),
  ) as { secretKey: string };
  assert.match(secretKey, /^[0-9a-f]{64}$/);
  assert.ok(!textOfDisk(image).includes(secretKey), 'the key lies on the Windows volume alone');

  await runRecovery(start());
  assert.equal(enrolments().length, 1, 'it is known from then on');
});

test('an enrolment whose answer was lost goes on with the same key', async () => {
  let lost = 0;
  const trouble = ({ path }: HttpRequest) =>
    path === '/v1/enrol' && lost++ === 0 ? refused('busy', 503) : undefined;
  const { start, enrolments, disk } = createStranger({ token, trouble });
  const place = { drive: 'C', components: ['ProgramData', 'Bootmend', 'device.json'] };
  const end = await runRecovery(start());
  assert.equal(end.kind === 'handed-over' && end.code, 'server-busy');
  const { secretKey } = JSON.parse(Buffer.from(disk.read(place, 0, 1e5)).toString()) as { secretKey: string };
  assert.deepEqual(await runRecovery(start()), { kind: 'reboot' });
  const now = JSON.parse(Buffer.from(disk.read(place, 0, 1e5)).toString()) as { secretKey: string };
  assert.equal(now.secretKey, secretKey);
  assert.equal(enrolments().length, 1);
});

test('without a Windows there is no key, and without a token no enrolment: the menu, with the reason', async () => {
  const { start, enrolments, image } = createStranger();
  const before = textOfDisk(image);
  for (const disks of [{ X: image }, { C: new MemoryDisk(), X: image }]) {
    const host = start({ disks, bootEntryVolume: undefined as never });
    const end = await runRecovery(host);
    assert.equal(end.kind === 'handed-over' && end.code, 'windows-not-found');
    assert.equal(host.ended(), 'handed-over');
  }
  assert.deepEqual(enrolments(), []);
  assert.equal(textOfDisk(image), before);

  const plain = createStranger({});
  const end = await runRecovery(plain.start());
  assert.equal(end.kind === 'handed-over' && end.code, 'not-enrolled');
  const bad = createStranger({
    token,
    trouble: ({ path }) => (path === '/v1/enrol' ? refused('enrolment-token-invalid', 403) : undefined),
  });
  const refusedEnd = await runRecovery(bad.start());
  assert.equal(refusedEnd.kind === 'handed-over' && refusedEnd.code, 'enrolment-token-invalid');
});
