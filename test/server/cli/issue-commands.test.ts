import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runBackTest } from '../../../server/cli/backtest.ts';
import { runIssue } from '../../../server/cli/issue.ts';
import { top } from '../../support/imports.ts';
import { startTestServer, testConfig } from '../../support/running-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { channelFacts, nearMissFacts } from '../../support/wire-device.ts';

const catalogue = path.join(top, 'server/catalog');
const folder = temporaryFolder();
const config = testConfig();
await startTestServer(config);
process.env['BOOTMEND_DATA_DIR'] = config.dataDir;

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
  const named = await bootmend(['issue', 'new', 'Contoso 2026', '--to', own]);
  assert.deepEqual([named.code, named.err.split(':')[0]], [1, 'wrong-id']);
});

test('what lies there in place of an issue is told, all of it, and in bounded time', async () => {
  const odd = path.join(folder, 'odd');
  const put = (name: string) => {
    mkdirSync(path.join(odd, name), { recursive: true });
    return path.join(odd, name, 'issue.yaml');
  };
  const source = readFileSync(path.join(own, id, 'issue.yaml'), 'utf8').replace(id, 'long-script');
  symlinkSync('/dev/zero', put('endless'));
  writeFileSync(put('huge'), `# ${'x'.repeat(10_000_000)}`);
  writeFileSync(put('umlaut'), Buffer.from(source.replace('Product', 'Gerät'), 'latin1'));
  writeFileSync(
    put('long-script'),
    source.replace(/^advice:\n.*\n/m, 'remediation: long.mend\n').replace('policy: never', 'policy: ask'),
  );
  writeFileSync(path.join(odd, 'long-script/long.mend'), '# x\n'.repeat(100_000));
  mkdirSync(put('folder'));
  const expected = [
    /^.*endless\/issue\.yaml:1:1 not-a-file: /m,
    /^.*folder\/issue\.yaml:1:1 not-a-file: /m,
    /^.*huge\/issue\.yaml:1:1 too-large: /m,
    /^.*umlaut\/issue\.yaml:4:13 not-yaml: .*U\+FFFD.*UTF-8/m,
    /^.*long-script\/long\.mend:1:1 too-large: /m,
  ];
  for (const verb of ['check', 'import']) {
    const { code, err } = await bootmend(['issue', verb, odd]);
    assert.equal(code, 1);
    for (const one of expected) assert.match(err, one);
  }
  const alone = await bootmend(['issue', 'check', path.join(own, id, 'issue.yaml')]);
  assert.equal(alone.code, 0, 'the file itself may be named too');
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
  const draft = 'One new draft changes nothing until somebody publishes: in the console, Known issues.';
  assert.deepEqual([first.code, first.out], [0, `${id}: version 1, a new draft\n${draft}\n`]);
  assert.equal((await bootmend(['issue', 'import', own])).out, `${id}: version 1, here already\n`);
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
