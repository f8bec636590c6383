import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import type { Decision } from '../../../shared/wire/answer.ts';
import type { CheckIn } from '../../../shared/wire/check-in.ts';
import {
  channelFileScript,
  type FakeServer,
  type FakeServerOptions,
  serverAddress,
  sha256Of,
} from '../support/fake-server.ts';
import { createWorld, listFiles, listQuarantine } from '../support/world.ts';

/** Runs a recovery whose order is bad in one way: nothing is executed and the menu comes. */
async function expectRefused(
  code: string,
  order: (checkIn: CheckIn, server: FakeServer) => Decision,
  options: FakeServerOptions = {},
): Promise<void> {
  const decide: FakeServerOptions['decide'] = (told, server) =>
    told.kind === 'check-in' ? order(told.message, server) : { kind: 'carry-on' };
  const world = await createWorld(machine, { ...options, decide });
  const before = listFiles(world.disk);
  const host = world.start();
  const end = await runRecovery(host);
  assert.deepEqual([end.kind, 'code' in end && end.code], ['handed-over', code]);
  assert.equal(host.ended(), 'handed-over');
  assert.deepEqual(listFiles(world.disk), before);
  assert.deepEqual(listQuarantine(world.disk), []);
  const outcome = world.server.outcomes.at(-1);
  assert.deepEqual([outcome?.state, outcome?.code], ['refused', code]);
}

const cases: Readonly<Record<string, Parameters<typeof expectRefused>>> = {
  'an order whose payload was changed': [
    'not-enough-signatures',
    (checkIn, server) => {
      const [good, other] = [
        server.remediate(checkIn),
        server.remediate(checkIn, { order: { validForSeconds: 9999 } }),
      ];
      assert.ok(good.kind === 'remediate' && other.kind === 'remediate');
      return { ...good, order: { ...good.order, payload: other.order.payload } };
    },
  ],
  'an order of an older check-in': [
    'nonce-not-ours',
    (checkIn, server) => server.remediate({ ...checkIn, nonce: '0'.repeat(32) }),
  ],
  'an order for another device': [
    'wrong-device',
    (checkIn, server) => server.remediate(checkIn, { order: { deviceId: 'device-2' } }),
  ],
  'an order for another episode': [
    'wrong-episode',
    (checkIn, server) => server.remediate({ ...checkIn, episode: '1'.repeat(32) }),
  ],
  'an order of another organization': [
    'wrong-organization',
    (checkIn, server) => server.remediate(checkIn, { order: { organization: 'fabrikam' } }),
  ],
  'an order signed by an approver instead of the online key': [
    'not-enough-signatures',
    (checkIn, server) => server.remediate(checkIn, { orderSigner: 'ada' }),
  ],
  'an approval that has expired': [
    'expired',
    (checkIn, server) => server.remediate(checkIn, { approval: { expiresAt: '2026-11-10T00:00:00.000Z' } }),
  ],
  'an approval for other devices': [
    'not-for-this-device',
    (checkIn, server) =>
      server.remediate(checkIn, {
        approval: { devices: { kind: 'matching', where: [{ fact: 'device.name', oneOf: ['KIOSK-1'] }] } },
      }),
  ],
  'an approval of an unknown signer': [
    'not-enough-signatures',
    (checkIn, server) => server.remediate(checkIn, { signers: ['mallory'] }),
  ],
  'one changed byte in the script': [
    'script-changed',
    (checkIn, server) =>
      server.remediate(checkIn, {
        sentScript: channelFileScript.replace('at most 4 files', 'at most 9 files'),
      }),
  ],
  'a threshold of two and one signature': [
    'not-enough-signatures',
    (checkIn, server) => server.remediate(checkIn, { signers: ['ada'] }),
    { threshold: 2 },
  ],
  'a threshold of two and one key twice': [
    'not-enough-signatures',
    (checkIn, server) => {
      const decision = server.remediate(checkIn, { signers: ['ada'] });
      assert.ok(decision.kind === 'remediate');
      const { approval } = decision;
      const twice = { ...approval, signatures: [...approval.signatures, ...approval.signatures] };
      return { ...decision, approval: twice };
    },
    { threshold: 2 },
  ],
  'a recalled script': [
    'recalled',
    (checkIn, server) => server.remediate(checkIn),
    { news: (_, server) => ({ recall: server.recall([sha256Of(channelFileScript)]) }) },
  ],
  'a script that is no script': [
    'script-not-valid',
    (checkIn, server) => server.remediate(checkIn, { script: 'format %SystemDrive%\n' }),
  ],
  'a script of higher risk than was approved': [
    'risk-understated',
    (checkIn, server) =>
      server.remediate(checkIn, {
        script: channelFileScript.replace('risk low', 'risk medium'),
      }),
  ],
};
for (const [name, parameters] of Object.entries(cases))
  test(`${name} is refused: nothing is executed, the menu comes`, () => expectRefused(...parameters));

test('an order that comes too late is refused', async () => {
  const decide: FakeServerOptions['decide'] = (told, server) =>
    told.kind === 'check-in'
      ? server.remediate(told.message, { order: { validForSeconds: 1 } })
      : { kind: 'carry-on' };
  const world = await createWorld(machine, { decide });
  const before = listFiles(world.disk);
  let late = 0;
  const host = world.start();
  const slow = {
    ...host,
    clock: { ...host.clock, monotonicMs: () => host.clock.monotonicMs() + (late += 2000) },
  };
  const end = await runRecovery(slow);
  assert.ok(end.kind === 'handed-over');
  assert.equal(end.code, 'order-too-old');
  assert.deepEqual(listFiles(world.disk), before);
});

test('a recall is remembered: after it, the list cannot be withheld or taken back', async () => {
  const decide: FakeServerOptions['decide'] = (told, server) =>
    told.kind === 'check-in' && server.checkIns.length > 1
      ? server.remediate(told.message)
      : { kind: 'stop', reason: 'later' };
  const news: FakeServerOptions['news'] = (_, server) =>
    server.checkIns.length === 1
      ? { recall: server.recall([sha256Of(channelFileScript)], 4) }
      : { recall: server.recall([], 3) };
  const world = await createWorld(machine, { decide, news });
  await runRecovery(world.start());
  const end = await runRecovery(world.start());
  assert.ok(end.kind === 'handed-over');
  assert.equal(world.server.outcomes.at(-1)?.code, 'recalled');
  assert.equal(world.server.checkIns.at(-1)?.recallVersion, 4);

  world.disk.remove({ drive: 'C', components: ['ProgramData', 'Bootmend', 'recall.json'] });
  world.disk.flush();
  await runRecovery(world.start());
  assert.equal(world.server.outcomes.at(-1)?.code, 'recall-unknown');
});

test('an older approval than the one obeyed is refused', async () => {
  let sequence = 9;
  const decide: FakeServerOptions['decide'] = (told, server) =>
    told.kind === 'check-in'
      ? server.remediate(told.message, { approval: { sequence: sequence-- } })
      : { kind: 'carry-on' };
  const world = await createWorld(machine, { decide });
  assert.equal((await runRecovery(world.start())).kind, 'reboot');
  const { startReason } = { startReason: { kind: 'failed-boot', failedStarts: 3 } as const };
  await runRecovery(world.start({ startReason }));
  assert.equal(world.server.outcomes.at(-1)?.code, 'older-than-obeyed');
});

test('a server with another key gets nothing, and the menu comes when time is up', async () => {
  const world = await createWorld(machine);
  const before = listFiles(world.disk);
  const impostor = { pin: 'ee'.repeat(32), respond: () => assert.fail('the request reached the impostor') };
  const host = world.start({ servers: { [serverAddress]: impostor } });
  const end = await runRecovery(host);
  assert.ok(end.kind === 'handed-over');
  assert.equal(end.code, 'time-is-up');
  assert.deepEqual(listFiles(world.disk), before);
});

test('trust moves on by a chain that old and new approvers signed, and is remembered', async () => {
  const news: FakeServerOptions['news'] = (_, server) => ({
    trust: [server.trust({ version: 2, issuedAt: '2026-11-19T00:00:00.000Z' }), server.trust({ version: 3 })],
  });
  const world = await createWorld(machine, { news, decide: () => ({ kind: 'stop', reason: 'later' }) });
  await runRecovery(world.start());
  await runRecovery(world.start());
  assert.deepEqual(
    world.server.checkIns.map(one => one.trustVersion),
    [1, 3],
  );
});
