import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obeyUndoOrder } from '../../../agent/core/obey-undo-order.ts';
import { runConfirm } from '../../../agent/core/run-confirm.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { HttpRequest } from '../../../agent/host/host.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import type { UndoOrderDocument } from '../../../shared/trust/documents.ts';
import type { Undone } from '../../../shared/wire/undone.ts';
import { channelFileScript, type FakeServer, ok, sha256Of } from '../support/fake-server.ts';
import { createWorld, listFiles } from '../support/world.ts';

const nonce = '00112233445566778899aabbccddeeff';

/** A machine that was healed and came up, and what it tells of undo orders. */
async function createHealed(script = channelFileScript) {
  const told: Undone[] = [];
  const trouble = ({ path, body }: HttpRequest) => {
    if (path !== '/v1/undone') return undefined;
    told.push(JSON.parse(Buffer.from(body).toString()) as Undone);
    return ok({ version: 1 });
  };
  const decide = (asked: { kind: string; message: unknown }, server: FakeServer) =>
    asked.kind === 'check-in'
      ? server.remediate(asked.message as never, { script })
      : ({ kind: 'carry-on' } as const);
  const world = await createWorld(machine, { trouble, decide });
  const broken = listFiles(world.disk);
  assert.deepEqual(await runRecovery(world.start()), { kind: 'reboot' });
  const attemptId = world.server.outcomes[0]!.attemptId;
  const windows = world.start({ environment: 'windows' });
  assert.equal((await runConfirm(windows)).kind, 'confirmed');
  const order = (over: Partial<UndoOrderDocument> = {}, signers = ['online']) =>
    world.server.undoOrder({ attemptId, scriptSha256: sha256Of(script), nonce, ...over }, signers);
  return { ...world, broken, told, windows, attemptId, order };
}

test('a healthy Windows takes a healed attempt back byte for byte, and again without harm', async () => {
  const { disk, broken, told, windows, attemptId, order } = await createHealed();
  assert.notDeepEqual(listFiles(disk), broken);
  assert.deepEqual(await obeyUndoOrder(windows, order(), nonce), { state: 'undone' });
  assert.deepEqual(listFiles(disk), broken);
  assert.deepEqual(await obeyUndoOrder(windows, order(), nonce), { state: 'undone' });
  assert.deepEqual(listFiles(disk), broken);
  assert.deepEqual(told, [
    { version: 1, attemptId, state: 'undone' },
    { version: 1, attemptId, state: 'undone' },
  ]);
});

test('who did not ask is not obeyed and not answered', async () => {
  const { disk, told, windows, order } = await createHealed();
  const healed = listFiles(disk);
  for (const [sealed, code] of [
    [order({ nonce: 'ff'.repeat(16) }), 'nonce-not-ours'],
    [order({ deviceId: 'device-2' }), 'wrong-device'],
    [order({ organization: 'other' }), 'wrong-organization'],
    [order({}, ['ada']), 'not-enough-signatures'],
    [{ ...order(), payloadType: 'application/vnd.bootmend.order+json' }, 'wrong-payload-type'],
  ] as const)
    assert.deepEqual(await obeyUndoOrder(windows, sealed, nonce), { state: 'not-believed', code });
  const inWinRe = { ...windows, machine: { ...windows.machine, readEnvironment: () => 'recovery' as const } };
  assert.equal((await obeyUndoOrder(inWinRe, order(), nonce)).code, 'not-in-windows');
  assert.deepEqual(told, []);
  assert.deepEqual(listFiles(disk), healed);
});

test('what cannot be taken back in a running Windows is refused with the reason, untouched', async () => {
  const { disk, told, windows, order } = await createHealed();
  const healed = listFiles(disk);
  for (const [over, code] of [
    [{ attemptId: '01900000-0000-7000-8000-00000000dead' }, 'unknown-attempt'],
    [{ scriptSha256: 'ab'.repeat(32) }, 'script-changed'],
  ] as const) {
    const end = await obeyUndoOrder(windows, order(over), nonce);
    assert.deepEqual([end.state, end.code], ['refused', code]);
    assert.equal(told.at(-1)?.code, code);
  }
  assert.deepEqual(listFiles(disk), healed);
});

test('a registry that Windows has used since is left alone', async () => {
  const { disk, windows, order } = await createHealed(
    'remediation "x"\n  risk low\n\nrequire crash module is csagent.sys\n\ndisable driver csagent\nreboot\n',
  );
  const healed = listFiles(disk);
  assert.deepEqual((await obeyUndoOrder(windows, order(), nonce)).code, 'hive-in-use');
  assert.deepEqual(listFiles(disk), healed);
});

test('a file that is there again is never overwritten: the older one stays in quarantine', async () => {
  const { disk, windows, order, broken } = await createHealed();
  const taken = listFiles(disk);
  const [path] = [...broken.keys()].filter(name => !taken.has(name));
  windows.files.create(path!, Buffer.from('the corrected file'));
  const healed = listFiles(disk);
  const end = await obeyUndoOrder(windows, order(), nonce);
  assert.deepEqual([end.state, end.code], ['stuck', 'place-taken']);
  assert.deepEqual(listFiles(disk), healed);
});
