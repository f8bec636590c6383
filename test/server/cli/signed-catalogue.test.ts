import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withInstallation } from '../../../server/cli/installation.ts';
import { runIssue } from '../../../server/cli/issue.ts';
import { createKeyFile, openKeyFile } from '../../../server/cli/key-file.ts';
import { payloadTypes } from '../../../shared/trust/documents.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { sealDocument } from '../../../shared/trust/seal-document.ts';
import { top } from '../../support/imports.ts';
import { startTestServer, testConfig } from '../../support/running-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const config = testConfig();
await startTestServer(config);
const passphrase = 'a long enough passphrase';
process.env['BOOTMEND_DATA_DIR'] = config.dataDir;
process.env['BOOTMEND_PASSPHRASE'] = passphrase;

/** Runs a command as the command line would, and keeps what it says. */
async function issue(...argv: string[]) {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (err += text),
    coloured: false,
  };
  const code = await runIssue(argv, terminal);
  return { code, out, err };
}

const at = (name: string) => path.join(folder, name);
for (const name of ['anna', 'mallory']) createKeyFile(at(`${name}.json`), name, passphrase);
const anna = openKeyFile(at('anna.json'), passphrase);
const publicKey = at('anna.pub.json');
const bring = (name: string, ...more: string[]) => issue('import', at(name), '--key', publicKey, ...more);

interface Entry {
  id: string;
  source: string;
  script?: string;
}

/** A catalogue that Anna signed. */
function write(name: string, issues: Entry[], madeAt = '2026-11-20T10:00:00.000Z'): void {
  const document = { type: 'catalogue' as const, madeAt, issues };
  const sealed = sealDocument(payloadTypes.catalogue, document, anna.key.keyId, anna.sign);
  writeFileSync(at(name), JSON.stringify(sealed));
}

await issue('new', 'contoso-2026-01-01', '--to', at('rules'));
const template = readFileSync(at('rules/contoso-2026-01-01/issue.yaml'), 'utf8');
/** A sound entry; `padding` makes it larger. */
const entry = (id: string, padding = 0): Entry => ({
  id,
  source: `${template.replace('contoso-2026-01-01', id)}# ${'x'.repeat(padding)}\n`,
});
const nothingKept = async (id: string) => {
  await issue('new', id, '--to', at('later'));
  return (await issue('import', at(`later/${id}`))).out.startsWith(`${id}: version 1, a new draft`);
};

test('a catalogue that was exported comes in where its key is named, and changes nothing in force', async () => {
  const exported = await issue('export', '--bundle', at('whole.json'), '--key', at('anna.json'));
  assert.deepEqual([exported.code, exported.err], [0, '']);
  assert.match(exported.out, /^\d\d known issues are in /);
  const { code, out } = await bring('whole.json');
  assert.equal(code, 0);
  assert.match(out, /^crowdstrike-2024-07-19: version 1, here already$/m);
  assert.doesNotMatch(out, /draft/);
});

test('one that is not as it was signed is refused, and why is said', async () => {
  const sealed = JSON.parse(readFileSync(at('whole.json'), 'utf8')) as Envelope;
  const change = (name: string, changed: Partial<Envelope>) =>
    writeFileSync(at(name), JSON.stringify({ ...sealed, ...changed }));
  const text = Buffer.from(sealed.payload, 'base64').toString();
  change('byte.json', {
    payload: Buffer.from(text.replace('at most 4 files', 'at most 9 files')).toString('base64'),
  });
  change('stripped.json', { signatures: [] });
  change('type.json', { payloadType: payloadTypes.approval });
  writeFileSync(at('cut.json'), JSON.stringify(sealed).slice(0, -1000));
  writeFileSync(at('empty.json'), '');
  writeFileSync(at('list.json'), '[]');
  writeFileSync(at('deep.json'), '['.repeat(1_000_000));
  writeFileSync(at('huge.json'), '');
  truncateSync(at('huge.json'), 8 * 1024 ** 3);
  mkdirSync(at('folder.json'));
  const refused: readonly [string, RegExp][] = [
    [
      'byte.json',
      /^not-enough-signatures: .*byte\.json was changed after file-[0-9a-f]{16} of anna signed it/,
    ],
    ['stripped.json', /^not-enough-signatures: .*is not signed by file-[0-9a-f]{16} of anna, but by nobody/],
    ['type.json', /^wrong-payload-type: .*type\.json/],
    ['cut.json', /^not-json: .*cut\.json is not JSON, or not all of it is here/],
    ['empty.json', /^not-json: /],
    ['list.json', /^not-a-catalogue: .*list\.json is no signed catalogue/],
    ['deep.json', /^not-(json|a-catalogue): /],
    ['huge.json', /^too-large: .*huge\.json is larger than 32768 KB/],
    ['folder.json', /^not-a-file: /],
    ['nowhere.json', /^file-not-found: there is no file .*nowhere\.json/],
  ];
  for (const [name, words] of refused) {
    const { code, out, err } = await bring(name);
    assert.deepEqual([code, out], [1, ''], name);
    assert.match(err, words);
  }
  const keys: readonly [string, RegExp][] = [
    [at('mallory.pub.json'), /^not-enough-signatures: .*is not signed by file-\S+ of mallory, but by file-/],
    [at('anna.json'), /^not-a-public-key: .*anna\.json .*NAME\.pub\.json/],
    [at('nowhere.pub.json'), /^file-not-found: there is no file .*nowhere\.pub\.json/],
    ['/dev/zero', /^not-a-file: /],
  ];
  for (const [key, words] of keys) {
    const { code, err } = await issue('import', at('whole.json'), '--key', key);
    assert.equal(code, 1);
    assert.match(err, words);
  }
  const keyless = await issue('import', at('whole.json'));
  assert.match(keyless.err, /^no-issue: .*a signed file needs --key/);
});

test('one that its signer made wrong is refused whole: every mistake is told, and nothing is kept', async () => {
  const good = entry('good-2026');
  const script = 'remediation "No guard"\n  risk high\n\nreboot\n';
  const healed = (id: string) =>
    template
      .replace('contoso-2026-01-01', id)
      .replace(/^advice:\n.*\n/m, 'remediation: heal.mend\n')
      .replace('policy: never', 'policy: ask');
  const wrong: [Entry[], RegExp][] = [
    [[good, entry('twice-2026'), entry('twice-2026', 9)], / twice-2026:1:1 duplicate-id: /],
    [[good, { ...entry('one-2026'), id: '../../../../etc/cron.d/x' }], / \.\.\/\S+:1:1 wrong-id: .*one-2026/],
    [[good, { ...entry('one-2026'), id: 'crowdstrike-2024-07-19' }], / crowdstrike\S+:1:1 wrong-id: /],
    [[good, { id: 'x-2026', source: '&a [*a]' }], / x-2026:1:\d+ alias: /],
    [[good, { id: 'x-2026', source: entry('../x').source }], / x-2026:1:1 wrong-value: \.\.\/x does not fit/],
    [[good, { id: 'x-2026', source: healed('x-2026') }], / x-2026:1:1 script-missing: .*heal\.mend/],
    [[good, { id: 'x-2026', source: healed('x-2026'), script }], / x-2026 script:\d+:\d+ [a-z-]+: /],
    [
      [good, { id: 'x-2026', source: healed('x-2026').replace('heal.mend', '../../heal.mend') }],
      / x-2026:\d+:1 wrong-value: \.\.\/\.\.\/heal\.mend does not fit/,
    ],
  ];
  const shadowed = `when:
  all:
    - { fact: driver.csagent.version, atLeast: '7.12' }
    - file: '%SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00000291*.sys'
      written: { from: 2024-07-19T04:09:00Z, until: 2024-07-19T05:27:00Z }
    - noFile: '%SystemRoot%\\System32\\drivers\\CrowdStrike\\C-00000291*.sys'
      written: { from: 2024-07-19T05:27:00Z }
`;
  const inVain = entry('in-vain-2026').source.replace(/^when:\n(?: .*\n)*/m, shadowed);
  wrong.push([[good, { id: 'in-vain-2026', source: inVain }], / in-vain-2026:\d+:1 shadowed: crowdstrike/]);
  for (const [issues, words] of wrong) {
    write('wrong.json', issues, '2027-01-01T00:00:00.000Z');
    const { code, out, err } = await bring('wrong.json');
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, words);
  }
  assert.ok(await nothingKept('good-2026'));
  assert.equal(existsSync('/etc/cron.d/x'), false);
});

test('an older one than is here already comes in only when that is meant', async () => {
  write('june.json', [entry('seasons-2026', 2)], '2027-06-01T00:00:00.000Z');
  write('may.json', [entry('seasons-2026', 1)], '2027-05-01T00:00:00.000Z');
  assert.match((await bring('june.json')).out, /^seasons-2026: version 1, a new draft\nOne new draft/);
  const { code, out, err } = await bring('may.json');
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /^older-catalogue: .*may\.json was made at 2027-05.*anna made at 2027-06.*--older/);
  assert.equal((await bring('june.json')).code, 0, 'the same one again is not older');
  assert.match((await bring('may.json', '--older')).out, /^seasons-2026: version 2, a new draft$/m);
});

test('one with more than a device would take comes in as well', async () => {
  const many = Array.from({ length: 8 }, (_, at) => entry(`large-${at}`, 60_000));
  write('large.json', many, '2027-07-01T00:00:00.000Z');
  const { code, out, err } = await bring('large.json');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^8 new drafts change nothing until somebody publishes/m);
});

test('an export overwrites no file and says when its place is none', async () => {
  const told = async (file: string) =>
    (await issue('export', '--bundle', file, '--key', at('anna.json'), 'crowdstrike-2024-07-19')).err;
  assert.match(await told(at('whole.json')), /^file-exists: .*whole\.json is there already/);
  assert.match(await told(at('nowhere/new.json')), /^file-not-found: /);
  assert.match((await issue('export', '--to', at('whole.json'))).err, /^file-(not-found|exists): /);
});

test('what is exported as folders can be checked and brought in again, whatever its script is called', async () => {
  const id = 'named-2026';
  const source = template
    .replace('contoso-2026-01-01', id)
    .replace(/^advice:\n.*\n/m, 'remediation: heal.mend\n')
    .replace('policy: never', 'policy: ask');
  const shipped = path.join(top, 'server/catalog/crowdstrike-2024-07-19/remediation.mend');
  write('named.json', [{ id, source, script: readFileSync(shipped, 'utf8') }], '2027-08-01T00:00:00.000Z');
  assert.equal((await bring('named.json')).err, '');
  await withInstallation(async ({ features }) => {
    const author = { organizationId: 'default', name: 'anna', actor: 'account:anna' };
    await features.issueAuthor.publish(author, id, 1);
    return 0;
  });
  assert.match((await issue('export', '--to', at('git'), id)).out, /^One known issue is in /);
  assert.deepEqual(readdirSync(at(`git/${id}`)).sort(), ['heal.mend', 'issue.yaml']);
  assert.deepEqual((await issue('check', at('git'))).code, 0);
  assert.equal((await issue('import', at('git'))).out, `${id}: version 1, here already\n`);
});
