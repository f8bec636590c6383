import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFieldtest } from '../../../agent/provision/fieldtest.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { serverAddress } from '../support/fake-server.ts';
import { settingsFor } from '../support/healthy-windows.ts';
import { createWorld, listFiles } from '../support/world.ts';
import { diskOf } from '../support/windows-disk.ts';

test('a field test says what holds on a machine, leaves it as it was and tells no name', async () => {
  const world = await createWorld(machine);
  const image = diskOf({
    [imagePlaces.launchFile]: Buffer.from(
      '[LaunchApps]\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover\r\n',
    ),
    [imagePlaces.settings]: Buffer.from(JSON.stringify(settingsFor())),
    'Windows\\System32\\winhttp.dll': Uint8Array.of(1),
    'Windows\\System32\\bcrypt.dll': Uint8Array.of(1),
    'Windows\\System32\\advapi32.dll': Uint8Array.of(1),
  });
  const before = listFiles(world.disk);
  const host = world.start({
    disks: { C: world.disk, X: image },
    identity: { name: 'LAPTOP-4711', serial: 'B5RJ12' },
    servers: {
      [serverAddress]: {
        pin: 'c0'.repeat(32),
        respond: () => ({ ok: true, status: 401, headers: {}, body: new Uint8Array(0) }),
      },
    },
  });
  const { results, environment } = await runFieldtest(host);
  assert.equal(environment, 'recovery');
  const resultOf = (word: string) => results.find(one => one.claim.includes(word))?.result;
  assert.deepEqual(
    ['agent first', 'libraries', 'failing Windows', 'quarantine', 'network', 'server'].map(resultOf),
    ['holds', 'holds', 'holds', 'holds', 'holds', 'holds'],
  );
  assert.deepEqual(listFiles(world.disk), before);
  const text = JSON.stringify(results);
  for (const secret of ['LAPTOP-4711', 'B5RJ12', 'secretKey']) assert.ok(!text.includes(secret), secret);
  assert.match(text, /PAGEDU64/);
});

test('what is missing fails or is not tried, and never ends the test', async () => {
  const { results } = await runFieldtest(createMemoryHost({ disks: {}, networkUp: () => false }));
  assert.ok(results.length >= 11);
  const failing = results.filter(one => one.result === 'fails').map(one => one.claim);
  assert.ok(
    failing.some(claim => claim.includes('agent first')) && failing.some(claim => claim.includes('network')),
  );
  assert.equal(results.find(one => one.claim.includes('server'))?.result, 'not-tried');
});
