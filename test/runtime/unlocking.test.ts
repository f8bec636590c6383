import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import { ensureTlsIdentity } from '../../server/http/tls-identity.ts';
import { bytesOfHex, hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import { sealBox } from '../../shared/trust/sealed-box.ts';
import { scriptAgreement } from '../../shared/trust/x25519.ts';
import { boxContextOf, type KeyRequest } from '../../shared/wire/key-request.ts';
import { imagePlaces } from '../../shared/winre/agent-settings.ts';
import { keyId, recoveryPassword } from '../support/locked-machine.ts';
import { startTestServer } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BrokenMachines, type BrokenMachine } from './support/broken-machines.ts';
import { compileOnce, drivenAgent } from './support/built-agent.ts';
import { type ExeEvent, noWine, WineMachine } from './support/wine-machine.ts';

const handedOver = 20;

/** A server that shows a code at the first question and releases the recovery password at the second. */
async function startReleasing() {
  const heard: KeyRequest[] = [];
  const { privateKey: key, certificate, pin } = ensureTlsIdentity(temporaryFolder());
  const answerTo = ({ requestKey, boxKey, ended }: KeyRequest): object => {
    if (ended !== undefined) return { state: 'ended' };
    if (heard.length === 1) return { state: 'waiting', code: 'K7Q2-9MPD', seconds: 10 };
    const context = boxContextOf('default', requestKey, keyId);
    const ephemeral = new Uint8Array(32).fill(5);
    const plain = utf8Of(recoveryPassword);
    const box = sealBox(plain, bytesOfHex(boxKey)!, context, ephemeral, scriptAgreement)!;
    const sealed = { encapsulatedKey: hexOf(box.encapsulatedKey), ciphertext: hexOf(box.ciphertext) };
    return { state: 'released', keyId, box: sealed };
  };
  const server = https.createServer({ key, cert: certificate }, (request, response) => {
    let body = '';
    request.on('data', piece => (body += String(piece)));
    request.on('end', () => {
      const asked = JSON.parse(body) as KeyRequest;
      heard.push(asked);
      response.end(JSON.stringify({ version: 1, ...answerTo(asked) }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { heard, address, pin, forget: () => void heard.splice(0) };
}

/** Locks the drive of a machine as the stand-in for manage-bde does. */
function seal({ drive }: BrokenMachine): string {
  const sealed = path.join(drive, 'sealed');
  fs.mkdirSync(sealed);
  for (const name of fs.readdirSync(drive))
    if (name !== 'sealed') fs.renameSync(path.join(drive, name), path.join(sealed, name));
  return sealed;
}

describe('the executable before a locked volume', { skip: noWine }, () => {
  test('opens it by a released key, heals its Windows, and locks it again where the menu comes', async () => {
    const server = await startTestServer();
    const machines = await BrokenMachines.build(server);
    const releasing = await startReleasing();
    const stick = temporaryFolder();
    const settingsFile = path.join(stick, imagePlaces.settings.replaceAll('\\', '/'));
    fs.mkdirSync(path.dirname(settingsFile), { recursive: true });
    const settings = {
      version: 1,
      purpose: 'rescue',
      organization: 'default',
      servers: [releasing.address],
      pins: [releasing.pin],
      trust: { payloadType: 'x', payload: '', signatures: [] },
      settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    };
    fs.writeFileSync(settingsFile, JSON.stringify(settings));

    const windows = new WineMachine({ X: stick });
    windows.keepRunning();
    const exe = windows.install(await drivenAgent());
    fs.copyFileSync(compileOnce('manage-bde'), windows.onC('windows/system32/manage-bde.exe'));
    const recover = async (machine: BrokenMachine) => {
      windows.attach('E', machine.drive);
      releasing.forget();
      const events: ExeEvent[] = [];
      const words = [exe, '--hurry', '--locked', 'E:', 'agent', 'recover'];
      const code = await windows.run(words, event => events.push(event));
      return { code, text: JSON.stringify(events) };
    };

    const known = await machines.take();
    seal(known);
    const healed = await recover(known);
    assert.equal(healed.code, agentExit.reboot, healed.text.slice(-2000));
    assert.ok(known.judge().healed, JSON.stringify(known.judge()));
    assert.match(healed.text, /"unlockCode":"K7Q2-9MPD"/);
    assert.equal(releasing.heard.at(-1)?.ended, 'opened');

    const stranger = await machines.take();
    fs.rmSync(path.join(stranger.drive, 'ProgramData/Bootmend'), { recursive: true });
    const sealed = seal(stranger);
    const left = await recover(stranger);
    assert.equal(left.code, handedOver, left.text.slice(-2000));
    assert.match(left.text, /"volume-opened"/);
    assert.ok(fs.existsSync(path.join(sealed, 'Windows')), 'locked again for the menu');
    assert.deepEqual(fs.readdirSync(stranger.drive), ['sealed']);

    const run = fs.readFileSync(windows.onC('manage-bde.txt'), 'utf8').trim().split(/\r?\n/);
    assert.equal(run.filter(one => one === '-unlock E: -RecoveryPassword PASSWORD').length, 2);
    assert.equal(run.filter(one => one === '-lock E: -ForceDismount').length, 1);
    for (const { text } of [healed, left])
      assert.ok(!text.includes(recoveryPassword.slice(0, 20)), 'the password is told to nobody');
  });
});
