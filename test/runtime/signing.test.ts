import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { runTool, ToolError } from '../../agent/build/run-tool.ts';
import { type Signing, signAgent, tokenEngine } from '../../agent/build/sign-agent.ts';
import { stageUpdate } from '../../agent/provision/update/stage-update.ts';
import { base64Of } from '../../shared/bytes/base64.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import { type AgentReleaseRequest, maxReleasePieceBytes } from '../../shared/wire/agent-release.ts';
import { ok } from '../agent/support/fake-server.ts';
import { bootmend, createMachine } from '../agent/support/healthy-machine.ts';
import { openssl, osslsigncode, softhsm } from '../support/debian-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { builtAgent } from './support/built-agent.ts';
import { MadeUpAuthority } from './support/code-signing.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const missing = [openssl, osslsigncode, softhsm, tokenEngine]
  .filter(one => !fs.existsSync(one.file))
  .map(one => one.name);
const skip = noWine !== false ? noWine : missing.length > 0 ? `not installed: ${missing.join(', ')}` : false;

const password = 'fünf Enten 4711';
const dayMs = 86_400_000;

describe('the executable with an Authenticode signature of the organization', { skip }, async () => {
  if (skip !== false) return;
  const unsigned = fs.readFileSync(await builtAgent());
  const authority = new MadeUpAuthority();
  const good = authority.certify('code', 'code-signing');
  const passwordFile = authority.place('password');
  fs.writeFileSync(passwordFile, `${password}\n`);
  const wrongFile = authority.place('wrong-password');
  fs.writeFileSync(wrongFile, 'another one\n');
  const lockedKey = authority.place('locked.key');
  authority.openssl(
    'pkcs8',
    '-topk8',
    '-in',
    good.key,
    '-passout',
    `file:${passwordFile}`,
    '-out',
    lockedKey,
  );
  const container = authority.place('code.p12');
  const packed = ['-inkey', good.key, '-in', good.certificate, '-passout', `file:${passwordFile}`];
  authority.openssl('pkcs12', '-export', ...packed, '-out', container);

  /** Signs a copy of the executable; gives it and what was said. */
  function signCopy(how: Omit<Signing, 'file' | 'say'>) {
    const file = path.join(temporaryFolder(), 'agent.exe');
    fs.writeFileSync(file, unsigned);
    const said: string[] = [];
    let problem: string | undefined;
    try {
      signAgent({ ...how, file, say: line => void said.push(line) });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      problem = error.message;
    }
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['agent.exe'], 'nothing is left beside it');
    const bytes = fs.readFileSync(file);
    for (const text of [...said, problem ?? '']) assert.ok(!text.includes(password));
    if (problem !== undefined) assert.ok(bytes.equals(unsigned), 'what failed left the file as it was');
    return { file, bytes, said: said.join('\n'), problem };
  }

  const verifies = (file: string, ...more: readonly string[]) =>
    spawnSync('osslsigncode', ['verify', '-CAfile', authority.root, ...more, '-in', file], {
      stdio: 'ignore',
    }).status === 0;

  const signed = signCopy(good);

  test('is verified up to the root by the chain that it carries, and changes nothing but its headers', () => {
    assert.equal(signed.problem, undefined);
    assert.match(
      signed.said,
      /signed by Contoso code, until 20\d\d-\d\d-\d\d; chain of 2 to Contoso intermediate/,
    );
    assert.match(signed.said, /whose issuer Contoso root machines must know/);
    assert.ok(verifies(signed.file));
    assert.ok(signed.bytes.length < 1_000_000, `${signed.bytes.length} bytes`);
    // A signature is a checksum and a directory in the headers, and bytes behind the end.
    const changed = [...unsigned.keys()].filter(at => unsigned[at] !== signed.bytes[at]);
    assert.ok(changed.length <= 12 && changed.every(at => at < 0x200), `changed at ${changed.join(', ')}`);
    const broken = path.join(temporaryFolder(), 'broken.exe');
    fs.writeFileSync(broken, signed.bytes.with(0x1000, signed.bytes[0x1000]! ^ 1));
    assert.ok(!verifies(broken), 'a bit of the code is another');
  });

  test('takes its certificate from PEM in any order, with a chain beside it, or from PKCS#12', () => {
    const pems = fs.readFileSync(good.certificate, 'utf8').split(/(?<=-----END CERTIFICATE-----\n)/);
    const [reversed, alone] = [authority.place('reversed.pem'), authority.place('alone.pem')];
    fs.writeFileSync(reversed, pems.filter(Boolean).toReversed().join(''));
    fs.writeFileSync(alone, pems[0]!);
    for (const how of [
      { ...good, certificate: reversed },
      { ...good, certificate: alone, chain: authority.intermediate },
      { ...good, key: lockedKey, passwordFile },
      { certificate: container, passwordFile },
    ]) {
      const { problem, file, said } = signCopy(how);
      assert.equal(problem, undefined);
      assert.match(said, /signed by Contoso code/);
      assert.ok(verifies(file), JSON.stringify(how));
    }
    const withoutChain = signCopy({ ...good, certificate: alone });
    assert.match(withoutChain.said, /chain of 1 to Contoso code, whose issuer Contoso intermediate/);
    assert.ok(!verifies(withoutChain.file));
  });

  test('takes its key from a token', () => {
    const settings = authority.place('softhsm.conf');
    fs.mkdirSync(authority.place('tokens'));
    fs.writeFileSync(settings, `directories.tokendir = ${authority.place('tokens')}\n`);
    process.env['SOFTHSM2_CONF'] = settings;
    const pin = authority.place('pin');
    fs.writeFileSync(pin, '4711\n');
    const token = (...words: string[]) =>
      runTool(['softhsm2-util', ...words], { cwd: authority.folder, environment: process.env });
    token('--init-token', '--free', '--label', 'safe', '--pin', '4711', '--so-pin', '0815');
    token('--import', good.key, '--token', 'safe', '--label', 'code', '--id', 'a1', '--pin', '4711');
    const how = {
      certificate: good.certificate,
      key: 'pkcs11:token=safe;object=code',
      pkcs11Module: '/usr/lib/softhsm/libsofthsm2.so',
    };
    const { problem, file } = signCopy({ ...how, passwordFile: pin });
    assert.equal(problem, undefined);
    assert.ok(verifies(file));
    assert.match(signCopy({ ...how, passwordFile: wrongFile }).problem!, /does not open pkcs11:token=safe/);
    assert.match(signCopy(how).problem!, /is locked: name a file with its password/);
    assert.match(signCopy({ ...how, pkcs11Module: undefined, passwordFile: pin }).problem!, /takes both/);
    const other = { ...how, key: 'pkcs11:token=safe;object=none', passwordFile: pin };
    assert.match(signCopy(other).problem!, /The token has no key pkcs11:token=safe;object=none/);
  });

  test('is not signed by what Windows would not take, and each reason is told', () => {
    const server = authority.certify('server', 'server');
    const curve = authority.certify('curve', 'code-signing', 'ec:prime256v1');
    const weak = authority.certify('weak', 'code-signing', 'rsa:1024');
    const garbage = authority.place('garbage.p12');
    fs.writeFileSync(garbage, Buffer.alloc(500, 7));
    const inDays = (days: number) => new Date(Date.now() + days * dayMs);
    const refused: readonly (readonly [Omit<Signing, 'file' | 'say'>, RegExp])[] = [
      [{ ...good, now: inDays(3) }, /^The certificate of Contoso code ended on 20.* Nothing was signed\.$/],
      [{ ...good, now: inDays(-1) }, /^The certificate of Contoso code is not valid before 20/],
      [server, /^The certificate of Contoso server is not for code signing/],
      [curve, /^The key of Contoso curve is ec .* no elliptic curves/],
      [weak, /^The key of Contoso weak is rsa of 1024 bits/],
      [{ ...good, key: server.key }, /server\.key is not the key of the certificate\. Nothing was signed\./],
      [
        { ...good, key: lockedKey, passwordFile: wrongFile },
        /^The password in .*wrong-password does not open .*locked\.key/,
      ],
      [
        { ...good, key: lockedKey },
        /locked\.key is locked: name a file with its password by --password-file/,
      ],
      [{ certificate: container, passwordFile: wrongFile }, /^The password in .* does not open .*code\.p12/],
      [{ certificate: container }, /code\.p12 is locked: name a file with its password/],
      [{ certificate: garbage, passwordFile }, /garbage\.p12 is neither PEM nor PKCS#12/],
      [{ certificate: container, key: good.key, passwordFile }, /PKCS#12 and takes no --key/],
      [{ certificate: good.certificate }, /holds no key; name it with --key/],
      [{ ...good, chain: authority.place('none.pem') }, /none\.pem is not there/],
    ];
    for (const [how, reason] of refused) assert.match(signCopy(how).problem ?? 'it was signed', reason);
  });

  test('never has its password on a command line', () => {
    const [tools, log] = [temporaryFolder(), path.join(temporaryFolder(), 'log')];
    const script = `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nexec ${osslsigncode.file} "$@"\n`;
    fs.writeFileSync(path.join(tools, 'osslsigncode'), script, { mode: 0o755 });
    const before = process.env['PATH'];
    process.env['PATH'] = `${tools}:${before}`;
    try {
      assert.equal(signCopy({ certificate: container, passwordFile }).problem, undefined);
      assert.equal(signCopy({ ...good, key: lockedKey, passwordFile }).problem, undefined);
    } finally {
      process.env['PATH'] = before;
    }
    const words = fs.readFileSync(log, 'utf8');
    assert.ok(words.includes('-readpass') && !words.includes(password), words);
  });

  test('keeps its signature beyond the end of the certificate by a time stamp, from the first authority that answers', async () => {
    const stamping = await authority.startTimeStamping();
    const away = 'http://127.0.0.1:9/';
    const later = ['-time', String(Math.floor(Date.now() / 1000) + 400 * 86_400)];
    try {
      const { problem, file } = signCopy({ ...good, timestamps: [away, stamping.url] });
      assert.equal(problem, undefined);
      assert.ok(verifies(file, '-TSA-CAfile', authority.root, ...later));
      assert.ok(!verifies(signed.file, ...later), 'without one it ends with the certificate');
    } finally {
      await stamping.stop();
    }
    const without = signCopy({ ...good, timestamps: [away, stamping.url] });
    assert.match(without.problem!, /^No time stamp was given by http.* or http.* Nothing was signed\.$/);
  });

  test('starts, says its version, and is taken as an update of the agent', async () => {
    const windows = new WineMachine({});
    const exe = windows.install(signed.file);
    const child = windows.spawn([exe, 'status', '--json']);
    const chunks: Buffer[] = [];
    child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise(resolve => child.once('close', resolve));
    const status = JSON.parse(Buffer.concat(chunks).toString()) as { agentVersion: string; ready: boolean };
    assert.deepEqual([code, status.ready], [40, false]);
    const read = readPortableExecutable(memorySource(signed.bytes));
    assert.equal(read.ok && read.image.fileVersion, `${status.agentVersion}.0`);

    const pieceBytes = maxReleasePieceBytes;
    const { host, server } = createMachine(
      {},
      {
        threshold: 2,
        trouble: ({ path: place, body }) => {
          if (place !== '/v1/agent-release') return undefined;
          const { number, offsetBytes } = JSON.parse(Buffer.from(body).toString()) as AgentReleaseRequest;
          const bytes = base64Of(signed.bytes.subarray(offsetBytes, offsetBytes + pieceBytes));
          return ok({ version: 1, number, offsetBytes, bytes });
        },
      },
    );
    assert.equal((await bootmend(host, 'provision', '--bundle', 'C:\\bundle.json')).code, 0);
    const staged = await stageUpdate(host, 'C:\\', server.agentRelease(signed.bytes), '0.1.0');
    assert.ok(staged.ok, staged.ok ? '' : staged.problem.message);
    const next = host.files.read('C:\\Program Files\\Bootmend\\bootmend-next.exe', 0, 1e7);
    assert.ok(signed.bytes.equals(next));
  });

  test('is signed where it lies, without a build, by the command of the guide', () => {
    const file = path.join(temporaryFolder(), 'bootmend.exe');
    fs.writeFileSync(file, unsigned);
    const command = (...words: readonly string[]) =>
      spawnSync(process.execPath, ['agent/build/main.ts', '--only-sign', '--out', file, ...words], {
        encoding: 'utf8',
      });
    const done = command('--sign', container, '--password-file', passwordFile);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /signed by Contoso code[^]*bootmend\.exe: \d+ bytes\nSHA-256 [0-9a-f]{64}\n$/);
    assert.ok(verifies(file));
    const without = command('--key', good.key);
    assert.deepEqual([without.status, without.stderr], [1, 'Signing takes a certificate: --sign FILE.\n']);
  });
});
