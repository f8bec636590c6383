import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommandLine } from '../../../agent/command-line.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { Host, HttpRequest, HttpResult } from '../../../agent/host/host.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import type { HostCall } from '../../../agent/host/memory-host.ts';
import { machine as crowdStrike } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { bytesOfHex, hexOf } from '../../../shared/bytes/hex.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { sealBox } from '../../../shared/trust/sealed-box.ts';
import { scriptAgreement } from '../../../shared/trust/x25519.ts';
import { boxContextOf, type KeyRequest, type KeyRequestAnswer } from '../../../shared/wire/key-request.ts';
import { keyId, LockedMachine, recoveryPassword, textOfDisk } from '../../support/locked-machine.ts';
import { buildBroken } from '../support/world.ts';

const organization = 'default';
const broken = await buildBroken(crowdStrike);

function makeMachine() {
  return new LockedMachine(new MemoryDisk(broken.disk), {
    version: 1,
    purpose: 'rescue',
    organization,
    servers: ['https://10.0.0.5:8443'],
    pins: ['c0'.repeat(32)],
    trust: { payloadType: 'x', payload: '', signatures: [] },
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    helpDesk: '+33 4 00 00 00 00',
  });
}

const ok = (answer: KeyRequestAnswer): HttpResult => ({
  ok: true,
  status: 200,
  headers: {},
  body: utf8Of(JSON.stringify(answer)),
});

/** A server that releases this text at the second question. */
function releasing(password = recoveryPassword, change: (request: KeyRequest) => KeyRequest = same => same) {
  const heard: KeyRequest[] = [];
  const respond = ({ body }: HttpRequest): HttpResult => {
    const request = JSON.parse(Buffer.from(body).toString()) as KeyRequest;
    heard.push(request);
    if (request.ended !== undefined) return ok({ version: 1, state: 'ended' });
    if (heard.length === 1) return ok({ version: 1, state: 'waiting', code: 'K7Q2-9MPD', seconds: 10 });
    const { requestKey, boxKey } = change(request);
    const context = boxContextOf(organization, requestKey, keyId);
    const box = sealBox(
      utf8Of(password),
      bytesOfHex(boxKey)!,
      context,
      new Uint8Array(32).fill(5),
      scriptAgreement,
    )!;
    return ok({
      version: 1,
      state: 'released',
      keyId,
      box: { encapsulatedKey: hexOf(box.encapsulatedKey), ciphertext: hexOf(box.ciphertext) },
    });
  };
  return { heard, respond };
}

const relock = (host: Host) =>
  runCommandLine({ host, argv: ['relock'], agentPath: '', out: () => undefined, error: () => undefined });

const endOf = async (host: Host) => {
  const end = await runRecovery(host);
  return end.kind === 'handed-over' ? end.code : end.kind;
};

test('what we opened is locked again before the menu comes', async () => {
  const machine = makeMachine();
  const { heard, respond } = releasing();
  const host = machine.start({}, respond);
  assert.equal(await endOf(host), 'not-enrolled', 'nobody enrolled this Windows');
  assert.equal(host.ended(), 'handed-over');
  assert.equal(machine.lock.locked, true);
  assert.equal(heard.at(-1)?.ended, 'opened');
  assert.equal(new Set(heard.map(({ requestKey }) => requestKey)).size, 1);
  const shown = host.screens.map(({ card, detail }) => `${card.unlockCode} ${detail}`);
  assert.ok(shown.some(one => one.startsWith('K7Q2-9MPD The disk is locked.') && one.includes('any key')));
  assert.deepEqual(machine.bitLocker.mistakes, []);
});

test('each run asks with keys of its own', async () => {
  const machine = makeMachine();
  const runs = [releasing(), releasing()];
  for (const { respond } of runs) await endOf(machine.start({}, respond));
  assert.notEqual(runs[0]!.heard[0]!.requestKey, runs[1]!.heard[0]!.requestKey);
  assert.notEqual(runs[0]!.heard[0]!.boxKey, runs[1]!.heard[0]!.boxKey);
});

test('a key that is not for this run, or opens nothing, changes nothing', async () => {
  const machine = makeMachine();
  const boxKey = '4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a';
  for (const [server, code] of [
    [releasing(recoveryPassword, request => ({ ...request, boxKey })), 'key-not-for-us'],
    [releasing(recoveryPassword, request => ({ ...request, requestKey: boxKey })), 'key-not-for-us'],
    [releasing('000011-'.repeat(8).slice(0, -1)), 'key-does-not-open'],
    [releasing(`${recoveryPassword} & calc`), 'key-does-not-open'],
  ] as const) {
    const host = machine.start({}, server.respond);
    assert.equal(await endOf(host), code);
    assert.equal(host.ended(), 'handed-over');
    assert.equal(server.heard.at(-1)?.ended, 'not-opened');
    assert.equal(machine.lock.locked, true);
  }
  assert.deepEqual(machine.bitLocker.mistakes, []);
});

test('a key press, a refusal and a silent server end in the menu with the reason', async () => {
  const machine = makeMachine();
  const refuse = () => ok({ version: 1, state: 'refused', reason: 'key-not-released', tell: 'No.' });
  assert.equal(await endOf(machine.start({}, refuse)), 'key-not-released');
  assert.equal(await endOf(machine.start({ keyPressedAtMs: 3000 }, releasing().respond)), 'key-pressed');
  const away = (): HttpResult => ({
    ok: false,
    failure: { kind: 'transient', code: 'connection-refused', message: 'nobody listens' },
  });
  assert.equal(await endOf(machine.start({}, away)), 'time-is-up');
});

test('a run that dies at any moment leaves nothing open behind it, and no key', async () => {
  const whole = makeMachine();
  const host = whole.start({}, releasing().respond);
  await endOf(host);
  const calls = host.calls.filter(({ name }) => name !== 'network.request' && name !== 'network.answered');
  const first = calls.findIndex(({ subject }) => subject.includes('-unlock'));
  assert.ok(first > 0);
  for (let at = first - 6; at < calls.length; at++) {
    const machine = makeMachine();
    let dead = false;
    const beforeCall = ({ number }: HostCall) => {
      dead ||= number >= calls[at]!.number;
      if (dead) throw new Error('killed');
    };
    await runRecovery(machine.start({ beforeCall }, releasing().respond)).catch(() => undefined);
    assert.ok(!textOfDisk(machine.stick).includes(recoveryPassword));
    assert.equal(await relock(machine.start()), 0);
    assert.equal(
      machine.lock.locked,
      true,
      `killed before ${calls[at]!.name} ${calls[at]!.subject.slice(0, 20)}`,
    );
  }
});

test('what was open when we came is not ours to lock', async () => {
  const machine = makeMachine();
  machine.lock.locked = false;
  assert.equal(await relock(machine.start({ bitLocker: { C: 'unlocked' } })), 0);
  await endOf(machine.start({ bitLocker: { C: 'unlocked' } }, releasing().respond));
  assert.equal(machine.lock.locked, false);
});
