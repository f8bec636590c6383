import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runBackTest } from '../../../server/cli/backtest.ts';
import { runIssue } from '../../../server/cli/issue.ts';
import { createKeyFile } from '../../../server/cli/key-file.ts';
import { top } from '../../support/imports.ts';
import { startTestServer, testConfig } from '../../support/running-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { channelFacts, nearMissFacts } from '../../support/wire-device.ts';

const catalogue = path.join(top, 'server/catalog');
const folder = temporaryFolder();
const config = testConfig();
await startTestServer(config);
const passphrase = 'a long enough passphrase';
process.env['BOOTMEND_DATA_DIR'] = config.dataDir;
process.env['BOOTMEND_PASSPHRASE'] = passphrase;

/** Runs a command as the command line would, and keeps what it says. */
async function bootmend([name, ...argv]: readonly string[]) {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (err += text),
    coloured: false,
  };
  const code = await (name === 'issue' ? runIssue : runBackTest)(argv, terminal);
  return { code, out, err };
}

const id = 'contoso-2026-01-01';
const own = path.join(folder, 'own');

test('a new folder has no mistakes; a mistake is told with its place', async () => {
  assert.equal((await bootmend(['issue', 'new', id, '--to', own])).code, 0);
  assert.equal((await bootmend(['issue', 'new', id, '--to', own])).code, 1, 'it overwrites nothing');
  assert.equal((await bootmend(['issue', 'check', own])).code, 0);
  const broken = path.join(folder, 'broken', id);
  mkdirSync(broken, { recursive: true });
  const source = readFileSync(path.join(own, id, 'issue.yaml'), 'utf8');
  writeFileSync(path.join(broken, 'issue.yaml'), source.replace('crash.module', 'crash.modul'));
  const { code, err } = await bootmend(['issue', 'check', path.dirname(broken)]);
  assert.equal(code, 1);
  assert.match(err, /issue\.yaml:18:7 unknown-fact: .*crash\.module/);
});

test('the shipped catalogue has no mistakes and no two entries that collide', async () => {
  const { code, out } = await bootmend(['issue', 'check', catalogue, '--json']);
  const { ok, mistakes, conflicts } = JSON.parse(out) as Record<string, unknown>;
  assert.deepEqual([code, ok, mistakes, conflicts], [0, true, [], []]);
});

test('a back-test on a file counts what fits, on which the script runs, and what comes near', async () => {
  const facts = path.join(folder, 'facts.jsonl');
  const lines = [channelFacts, nearMissFacts, channelFacts, {}].map(one => JSON.stringify(one));
  writeFileSync(facts, `${lines.join('\n')}\nno JSON\n`);
  const { out } = await bootmend([
    'backtest',
    path.join(catalogue, 'crowdstrike-2024-07-19'),
    '--facts',
    facts,
    '--json',
  ]);
  const { incidents, matched, nearMisses, unknown, wouldRun } = JSON.parse(out) as Record<string, number>;
  assert.deepEqual([incidents, matched, nearMisses, unknown, wouldRun], [5, 2, 1, 2, 2]);
});

test('a rule that hits healthy machines is warned of first, with one of them explained', async () => {
  const folderOf = (name: string, when: string) => {
    const rule = path.join(folder, name, id);
    mkdirSync(rule, { recursive: true });
    const source = readFileSync(path.join(own, id, 'issue.yaml'), 'utf8');
    writeFileSync(path.join(rule, 'issue.yaml'), source.replace(/^when:[\s\S]*?(?=^\w)/m, when));
    return path.dirname(rule);
  };
  const healthy = path.join(folder, 'healthy.jsonl');
  writeFileSync(healthy, '{"os.build":22631,"driver.contoso.version":"10.0.0.1"}\n{"os.build":19045}\n');
  const wide = folderOf('wide', 'when:\n  all:\n    - fact: os.build\n      equals: 22631\n');
  const hit = await bootmend(['backtest', wide, '--healthy', healthy]);
  assert.equal(hit.code, 0, hit.err);
  assert.match(hit.out, /^Tried on 0 incidents and 2 healthy machines/);
  assert.match(hit.out, /^WARNING: it hits 1 of 2 healthy machines\. It is too wide/m);
  assert.match(hit.out, /Hit: line-1\n {2}held {5}Windows build is 22631/);
  const { out } = await bootmend(['backtest', path.join(own, id), '--healthy', healthy, '--json']);
  assert.equal((JSON.parse(out) as { healthy: { matched: number } }).healthy.matched, 0);
});

test('what is brought in is a draft: nothing in force changes, and equal texts make no new version', async () => {
  const first = await bootmend(['issue', 'import', own]);
  assert.deepEqual([first.code, first.out], [0, `${id}: version 1\n`]);
  assert.equal((await bootmend(['issue', 'import', own])).out, `${id}: version 1\n`);
  const out = path.join(folder, 'out');
  assert.equal((await bootmend(['issue', 'export', '--to', out])).code, 0);
  assert.deepEqual(
    readdirSync(out).sort(),
    readdirSync(catalogue)
      .filter(name => name !== 'README.md')
      .sort(),
  );
  for (const name of ['issue.yaml', 'remediation.mend'])
    assert.equal(
      readFileSync(path.join(out, 'crowdstrike-2024-07-19', name), 'utf8'),
      readFileSync(path.join(catalogue, 'crowdstrike-2024-07-19', name), 'utf8'),
    );
});

test('a signed catalogue is believed only with the key that signed it, and only whole', async () => {
  const [mine, other] = ['anna', 'mallory'].map(name => path.join(folder, `${name}.json`)) as [
    string,
    string,
  ];
  createKeyFile(mine, 'Anna', passphrase);
  createKeyFile(other, 'Mallory', passphrase);
  const bundle = path.join(folder, 'catalogue.json');
  const exported = await bootmend([
    'issue',
    'export',
    '--bundle',
    bundle,
    '--key',
    mine,
    'crowdstrike-2024-07-19',
  ]);
  assert.deepEqual([exported.code, exported.err], [0, '']);
  const bring = (file: string, key: string) =>
    bootmend(['issue', 'import', file, '--key', key.replace('.json', '.pub.json')]);
  assert.match((await bring(bundle, mine)).out, /^crowdstrike-2024-07-19: version 1\n$/);
  const refused = await bring(bundle, other);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^not-enough-signatures/);
  const sealed = JSON.parse(readFileSync(bundle, 'utf8')) as { payload: string };
  const text = Buffer.from(sealed.payload, 'base64').toString();
  sealed.payload = Buffer.from(text.replace('at most 4 files', 'at most 9 files')).toString('base64');
  const forged = path.join(folder, 'forged.json');
  writeFileSync(forged, JSON.stringify(sealed));
  assert.match((await bring(forged, mine)).err, /^not-enough-signatures/);
});
