import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runTool, ToolError } from '../../agent/build/run-tool.ts';
import { signAgent } from '../../agent/build/sign-agent.ts';
import { openssl, osslsigncode } from '../support/debian-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { builtAgent } from './support/built-agent.ts';
import { noWine } from './support/wine-machine.ts';

const missing = [openssl, osslsigncode].filter(one => !fs.existsSync(one.file)).map(one => one.name);
const skip = noWine !== false ? noWine : missing.length > 0 ? `not installed: ${missing.join(', ')}` : false;

test(
  'the executable takes an Authenticode signature of the organization, and keeps it or breaks it',
  { skip },
  async () => {
    const folder = temporaryFolder();
    const [file, certificate, key] = ['agent.exe', 'certificate.pem', 'key.pem'].map(name =>
      path.join(folder, name),
    ) as [string, string, string];
    const own = [
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/O=Contoso/CN=Contoso code',
    ];
    const use = ['-addext', 'extendedKeyUsage=codeSigning', '-addext', 'keyUsage=digitalSignature'];
    runTool(['openssl', 'req', ...own, ...use, '-keyout', key, '-out', certificate], { cwd: folder });

    const unsigned = fs.readFileSync(await builtAgent());
    fs.writeFileSync(file, unsigned);
    const verifies = () =>
      spawnSync('osslsigncode', ['verify', '-CAfile', certificate, '-in', file], { stdio: 'ignore' })
        .status === 0;
    assert.ok(!verifies(), 'nothing is signed yet');
    signAgent({ file, certificate, key, say: () => undefined });
    assert.ok(verifies());

    const signed = fs.readFileSync(file);
    assert.ok(signed.length < 1_000_000, `${signed.length} bytes`);
    // A signature is a checksum and a directory in the headers, and bytes behind the end.
    const changed = [...unsigned.keys()].filter(at => unsigned[at] !== signed[at]);
    assert.ok(changed.length <= 12 && changed.every(at => at < 0x200), `changed at ${changed.join(', ')}`);
    fs.writeFileSync(file, signed.with(0x1000, signed[0x1000]! ^ 1));
    assert.ok(!verifies(), 'a bit of the code is another');
  },
);

test('signing says what is missing', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'agent.exe');
  fs.writeFileSync(file, '');
  const sign = () =>
    signAgent({ file, certificate: path.join(folder, 'none.pem'), key: file, say: () => undefined });
  assert.throws(sign, error => error instanceof ToolError && /none\.pem is not there/.test(error.message));
});
