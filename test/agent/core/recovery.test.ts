import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runConfirm } from '../../../agent/core/run-confirm.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

const badFile = `C:\\${machine.bad[0]}`;

test('a known issue is healed in two round trips, and Windows confirms it', async () => {
  const world = await createWorld(machine);
  const before = listFiles(world.disk);
  const host = world.start();
  const end = await runRecovery(host);
  assert.deepEqual(end, { kind: 'reboot' }, JSON.stringify(host.entries, null, 1));
  assert.equal(host.ended(), 'reboot');

  const after = listFiles(world.disk);
  assert.deepEqual(
    [...before].filter(([name]) => !after.has(name)).map(([name]) => name),
    [badFile],
  );
  assert.deepEqual(
    [...after],
    [...before].filter(([name]) => name !== badFile),
  );
  assert.deepEqual(listQuarantine(world.disk), [before.get(badFile)]);

  const requests = host.calls.filter(call => call.name === 'network.request').map(call => call.subject);
  assert.deepEqual(
    requests.map(one => one.slice(one.indexOf('/v1'))),
    ['/v1/check-in', '/v1/outcome'],
  );
  const [outcome] = world.server.outcomes;
  assert.equal(outcome?.state, 'applied');
  assert.deepEqual(
    outcome?.steps[0]?.changes.map(change => [change.kind, change.path]),
    [['delete', badFile]],
  );

  const confirm = await runConfirm(world.start({ environment: 'windows' }));
  assert.deepEqual(confirm, { kind: 'confirmed' });
  const booted = world.server.told.at(-1);
  assert.ok(booted?.kind === 'booted');
  assert.equal(booted.message.attemptId, outcome?.attemptId);
  assert.equal(booted.message.osBuild, 22621);
  assert.deepEqual(await runConfirm(world.start({ environment: 'windows' })), { kind: 'nothing-to-confirm' });
});

test('a check-in says what the machine says, in at most 4 kB', async () => {
  const world = await createWorld(machine);
  const host = world.start();
  await runRecovery(host);
  const [checkIn] = world.server.checkIns;
  assert.ok(checkIn);
  const size = JSON.stringify(checkIn).length;
  assert.ok(size <= 4096, `${size} bytes`);
  const { facts } = checkIn;
  assert.deepEqual(parseFacts(facts).dropped, []);
  const wanted = {
    'crash.code': '0x50',
    'crash.module': 'csagent.sys',
    'crash.parameter.2': '0x0',
    'crash.parameter.4': '0x2',
    'driver.csagent.version': '7.15.18513.0',
    'driver.csagent.path': '%systemroot%\\system32\\drivers\\crowdstrike\\csagent.sys',
    'os.build': 22631,
    'os.revision': 3880,
    'os.productType': 'client',
    'hive.system': 'recovered',
    'hive.software': 'clean',
    'service.csagent.start': 'system',
    'security.products': 'CrowdStrike Falcon Sensor',
    'update.kb5039895': 'installed',
    'os.architecture': 'x64',
    'bootlog.lastLoaded': 'csagent.sys',
    'boot.failedStarts': 2,
    'device.name': 'LAPTOP-4711',
    'volume.bitlocker': 'none',
    'srt.attempts': 1,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map(name => [name, facts[name]])), wanted);
  assert.deepEqual(facts[`file.%systemroot%${badFile.slice('C:\\Windows'.length).toLowerCase()}`], {
    sizeBytes: world.disk.find(
      parsePath('C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000031.sys'),
    )!.sizeBytes,
    writtenAt: '2024-07-19T04:09:33.000Z',
  });
  assert.ok('searched.%systemroot%\\system32\\drivers\\**' in facts);
  assert.deepEqual(
    checkIn.evidence.map(one => one.kind),
    ['crash-extract', 'boot-log', 'startup-repair-log', 'registry-extract'],
    'a first check-in offers the most telling pieces',
  );
  const offered = world.server.outcomes[0]?.evidence?.map(one => one.name) ?? [];
  for (const name of ['crash-extract.dmp', 'CBS.log', 'setupapi.dev.log', 'System.evtx', 'bootstat.dat'])
    assert.ok(offered.includes(name), `${name} is offered with the outcome`);
});
