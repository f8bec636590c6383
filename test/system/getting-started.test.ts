import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildDriverFile } from '../../agent/lab/evidence/driver-file.ts';
import { verifyEd25519 } from '../../shared/trust/ed25519.ts';
import type { Envelope } from '../../shared/trust/envelope.ts';
import { openOfflineBundle } from '../../shared/trust/open-offline-bundle.ts';
import { openFirstTrust } from '../../shared/trust/trust-chain.ts';
import { parseProvisioningBundle } from '../../shared/winre/agent-settings.ts';
import { bootmend } from '../support/command.ts';
import { top } from '../support/imports.ts';
import { makeWim, stockFiles, withoutWimlib } from '../support/lab-wim.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Every command that README and docs/getting-started.md show, in their order, on an installation of its own.
const folder = temporaryFolder();
const inFolder = (name: string) => path.join(folder, name);
const env = {
  BOOTMEND_DATA_DIR: inFolder('data'),
  BOOTMEND_CONSOLE_PORT: '0',
  BOOTMEND_DEVICE_PORT: '0',
  BOOTMEND_BUILD_CONSOLE: 'never',
  BOOTMEND_PASSPHRASE: 'correct horse battery staple',
};
const key = inFolder('approver.json');

async function expectRun(...args: string[]): Promise<string> {
  const { code, out, err } = await bootmend(args, env);
  assert.equal(code, 0, `${args.join(' ')}: ${err}`);
  return out;
}

describe('the first steps of an admin', () => {
  // what npm start runs, without npm in between, which would end before the server on Ctrl+C
  const { scripts } = JSON.parse(readFileSync(path.join(top, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [, ...start] = scripts.start.split(' ');
  const server = spawn(process.execPath, start, {
    cwd: top,
    env: { ...process.env, ...env },
    detached: true,
  });
  let said = '';
  before(async () => {
    server.stdout.setEncoding('utf8');
    for await (const text of server.stdout.iterator({ destroyOnReturn: false })) {
      said += String(text);
      if (said.includes('/welcome#')) break;
    }
    server.stdout.resume();
  });
  after(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    process.kill(-server.pid!, 'SIGTERM');
    await once(server, 'close');
  });

  test('npm start says where the console is and how to become the admin', () => {
    assert.match(said, /http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{20,}/);
    assert.match(said, /https:\/\/[^ ]+:\d+ .*pin [0-9a-f]{64}/);
  });

  test('an approver key is made beside a running server, and only its owner can read it', async () => {
    await expectRun('key', 'new', key, '--owner', 'Anna Approver');
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.ok(!readFileSync(key, 'utf8').includes(env.BOOTMEND_PASSPHRASE));
    const { code, err } = await bootmend(['key', 'new', key, '--owner', 'Mallory'], env);
    assert.notEqual(code, 0, 'a key file is never overwritten');
    assert.ok(err.length > 0);
  });

  test('trust is drafted, signed on paper and published', async () => {
    const paper = inFolder('trust.json');
    await expectRun('trust', 'draft', paper, '--approver', inFolder('approver.pub.json'));
    const unsigned = await bootmend(['trust', 'publish', paper], env);
    assert.equal(unsigned.code, 1);
    assert.match(unsigned.err, /^trust-refused: /);
    assert.match(
      await expectRun('sign', paper, '--key', key, '--yes'),
      /1 of these 1 keys[^]*Signed by Anna/,
    );
    assert.match(await expectRun('trust', 'publish', paper), /trust document 1/);
  });

  test('a script is reviewed, signed and approved; a changed one is not', async () => {
    const paper = inFolder('approval.json');
    await expectRun('review', 'crowdstrike-2024-07-19', '--to', paper);
    const good = readFileSync(paper, 'utf8');
    writeFileSync(paper, good.replace('C-00000291*', 'C-0000029*'));
    const changed = await bootmend(['sign', paper, '--key', key, '--yes'], env);
    assert.equal(changed.code, 1);
    assert.match(changed.err, /^script-changed: /);
    writeFileSync(paper, good);
    const wrong = { ...env, BOOTMEND_PASSPHRASE: 'not the passphrase' };
    assert.match((await bootmend(['sign', paper, '--key', key, '--yes'], wrong)).err, /^wrong-passphrase: /);
    assert.match((await bootmend(['sign', paper, '--key', key], env)).err, /^not-signed: /);
    assert.match(
      await expectRun('sign', paper, '--key', key, '--yes'),
      /delete C-00000291\*\.sys[^]*Signed by Anna/,
    );
    assert.match(await expectRun('approve', paper), /1 of 1 signatures/);
  });

  test('a token lets machines in', async () => {
    const bundle = inFolder('bootmend.json');
    const program = String.raw`%ProgramFiles%\Contoso\mend.exe`;
    const allowing = ['--allow-program', `${program}=${'AB'.repeat(32)}`];
    await expectRun('token', 'new', '--bundle', bundle, '--server', 'https://192.0.2.10:8443', ...allowing);
    assert.equal(statSync(bundle).mode & 0o777, 0o600);
    const made = parseProvisioningBundle(JSON.parse(readFileSync(bundle, 'utf8')));
    assert.deepEqual(made.ok && made.value.programs, [{ path: program, sha256: 'ab'.repeat(32) }]);
  });

  test(
    'an image is made on Linux, with a token, an offline bundle and the agent',
    { skip: withoutWimlib },
    async () => {
      const [settings, offline, wim] = [
        inFolder('image.json'),
        inFolder('offline.json'),
        inFolder('winre.wim'),
      ];
      const agent = inFolder('bootmend.exe');
      writeFileSync(
        agent,
        buildDriverFile({ version: '0.1.0.0', linkedAt: new Date('2026-11-20T00:00:00Z') }),
      );
      makeWim(wim, stockFiles);
      const server = ['--server', 'https://192.0.2.10:8443'];
      await expectRun('token', 'new', '--image', '--uses', '500', '--bundle', settings, ...server);
      assert.match(
        await expectRun('bundle', '--to', offline),
        /heals .*issues? without a network, for 90 days/,
      );
      await expectRun('image', 'add', wim, '--bundle', settings, '--offline', offline, '--agent', agent);
      assert.match(await expectRun('image', 'inspect', wim), /offline +a bundle is in it/);
      const sealed: unknown = JSON.parse(readFileSync(offline, 'utf8'));
      const { trust } = JSON.parse(readFileSync(settings, 'utf8')) as { trust: Envelope };
      const believed = openFirstTrust(trust, verifyEd25519);
      assert.ok(believed.ok);
      const context = { trust: believed.document, timeFloorMs: Date.now(), versionUsed: 0 };
      const opened = openOfflineBundle(sealed as Envelope, context, verifyEd25519);
      assert.ok(opened.ok && opened.document.remedies.length > 0, 'a device believes what the server sealed');
      await expectRun(
        'image',
        'add',
        wim,
        ...server,
        '--token',
        'bm-enrol-0123456789abcdef',
        '--agent',
        agent,
      );
      assert.match(await expectRun('devices'), /score +name/);
    },
  );

  test('a second person gets a link', async () => {
    assert.match(await expectRun('user', 'add', '--role', 'operator'), /\/welcome#[\w-]{20,}\n$/);
  });

  test('a lab machine is made, and what it left behind is read', async () => {
    const machine = inFolder('lab-machine');
    assert.match(await expectRun('lab', 'list'), /^crowdstrike-2024-07-19 /m);
    await expectRun('lab', 'make', 'crowdstrike-2024-07-19', '--to', machine);
    const windows = path.join(machine, 'C/Windows');
    assert.match(await expectRun('dump', path.join(machine, 'C/pagefile.sys')), /^csagent\.sys is to blame/);
    assert.match(
      await expectRun('bootlog', path.join(windows, 'ntbtlog.txt')),
      /csagent\.sys was loaded last[^]*npfs\.sys should have come next/,
    );
    assert.ok(existsSync(path.join(windows, 'System32/LogFiles/Srt/SrtTrail.txt')));
    await expectRun('bootlog', path.join(windows, 'System32/LogFiles/Srt/SrtTrail.txt'));
  });

  test('the script of the catalogue is checked and explained', async () => {
    const script = path.join(top, 'server/catalog/crowdstrike-2024-07-19/remediation.mend');
    await expectRun('check', script);
    assert.match(await expectRun('explain', script), /Deletes/);
    const wrong = inFolder('fix.mend');
    writeFileSync(wrong, 'erase %SystemRoot%\\System32\\drivers\\x.sys\n');
    const { code, out, err } = await bootmend(['check', wrong], env);
    assert.equal(code, 1);
    assert.match(out + err, /\^/);
  });

  test('Ctrl+C stops the server and its database', async () => {
    process.kill(-server.pid!, 'SIGINT');
    const [code] = (await once(server, 'close')) as [number];
    assert.equal(code, 0);
    assert.ok(!existsSync(path.join(env.BOOTMEND_DATA_DIR, 'postgres/data/postmaster.pid')));
  });
});
