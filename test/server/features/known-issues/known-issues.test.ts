import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { KnownIssues } from '../../../../server/features/known-issues/known-issues.ts';
import { ShippedCatalog } from '../../../../server/features/known-issues/shipped-catalog.ts';
import { Remediations } from '../../../../server/features/remediations/remediations.ts';
import { parseFacts } from '../../../../shared/facts/parse-facts.ts';
import { withDatabase } from '../../../support/database.ts';
import { top } from '../../../support/imports.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { channelFacts, nearMissFacts, unsearchedFacts } from '../../../support/wire-device.ts';

const id = 'crowdstrike-2024-07-19';

/** A catalogue that may be changed, and what the server makes of it. */
async function fresh() {
  const { database } = await withDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bootmend-catalog-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(path.join(top, 'server/catalog', id), path.join(folder, id), { recursive: true });
  let now = Date.now();
  const clock = () => new Date(now);
  const known = new KnownIssues({ sql: database, log: silentLog, clock });
  const catalog = new ShippedCatalog({ transactions: database, scripts: new Remediations(), log: silentLog });
  const load = () => catalog.load('default', folder);
  await load();
  return {
    database,
    known,
    load,
    folder,
    later: () => (now += 20_000),
    edit: (name: string, change: (text: string) => string) => {
      const file = path.join(folder, id, name);
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    },
    versions: () => database.query('select version, state, origin from known_issue_version order by version'),
  };
}

const verdictOn = async (known: KnownIssues, reported: object) =>
  (await known.match('default', parseFacts(reported as Record<string, unknown>).facts)).map(
    one => one.verdict,
  );

test('the shipped issue matches its machine, not its near miss, and asks where it does not know', async () => {
  const { known } = await fresh();
  assert.deepEqual(await verdictOn(known, channelFacts), ['matched']);
  assert.deepEqual(await verdictOn(known, nearMissFacts), ['near']);
  assert.deepEqual(await verdictOn(known, unsearchedFacts), ['unknown']);
  assert.deepEqual(await verdictOn(known, {}), []);
});

test('loading again changes nothing; changed bytes become a new version', async () => {
  const { load, versions, edit, known, later } = await fresh();
  await load();
  assert.deepEqual(await versions(), [{ version: 1, state: 'published', origin: 'shipped' }]);
  await known.match('default', {});
  edit('issue.yaml', text => text.replace("atLeast: '7.11'", "atLeast: '9.0'"));
  await load();
  assert.equal((await versions()).length, 2);
  assert.deepEqual(await verdictOn(known, channelFacts), ['matched'], 'remembered for a moment');
  later();
  assert.deepEqual(await verdictOn(known, channelFacts), ['near']);
});

test('where people published their own version, a shipped one is only a draft', async () => {
  const { database, load, versions, edit, known } = await fresh();
  await database.query(
    `insert into known_issue_version (organization_id, known_issue_id, version, title, source, sha256, state, policy,
       remediation_id, origin)
     select organization_id, known_issue_id, 2, 'Ours', source, sha256, 'published', 'ask', remediation_id, 'own'
     from known_issue_version`,
  );
  edit('issue.yaml', text => `${text}\n# a new release\n`);
  await load();
  assert.deepEqual((await versions())[2], { version: 3, state: 'draft', origin: 'shipped' });
  await known.refresh('default');
  const [match] = await known.match('default', parseFacts(channelFacts).facts);
  assert.deepEqual([match!.version, match!.title, match!.policy], [2, 'Ours', 'ask']);
});

test('a newer script of the catalogue comes beside the script that people published, never in its place', async () => {
  const { database, load, versions, edit, known, folder } = await fresh();
  await database.query(
    `insert into remediation_version (organization_id, remediation_id, version, text, sha256, author)
     select organization_id, remediation_id, 2, text || '# ours', sha256(text || '# ours'), 'anna'
     from remediation_version`,
  );
  await database.query(
    `insert into known_issue_version (organization_id, known_issue_id, version, title, source, sha256, state, policy,
       remediation_id, origin)
     select organization_id, known_issue_id, 2, 'Ours', source || '# ours', sha256(convert_to(source || '# ours', 'UTF8')),
       'published', 'ask', remediation_id, 'own'
     from known_issue_version`,
  );
  edit('remediation.mend', text => text.replace('at most 4 files', 'at most 5 files'));
  for (let start = 0; start < 2; start++) await load();
  assert.deepEqual(await versions(), [
    { version: 1, state: 'published', origin: 'shipped' },
    { version: 2, state: 'published', origin: 'own' },
    { version: 3, state: 'draft', origin: 'shipped' },
  ]);
  const newest = await new Remediations().findNewest(database, 'default', id);
  assert.ok(newest?.text.endsWith('# ours'));
  await known.refresh('default');
  const [match] = await known.match('default', parseFacts(channelFacts).facts);
  assert.deepEqual([match!.version, match!.remediationId], [2, id]);
  const draft = await database.query(
    `select v.remediation_id, r.text like '%at most 5 files%'::bytea as "isTheirs" from known_issue_version v
     join remediation_version r using (organization_id, remediation_id) where v.version = 3`,
  );
  assert.deepEqual(draft, [{ remediation_id: `${id}-shipped`, isTheirs: true }]);

  const kept = (await versions()).length;
  rmSync(path.join(folder, id, 'remediation.mend'));
  mkdirSync(path.join(folder, 'half-written'));
  await load();
  assert.equal(
    (await versions()).length,
    kept,
    'a folder without its files is left out, and the server starts',
  );
});

test('a catalogue entry that cannot be read is left out; a stored rule that cannot be read matches nothing', async () => {
  const { database, load, versions, edit, known } = await fresh();
  edit('issue.yaml', () => 'when: [');
  await load();
  edit('issue.yaml', () => '');
  await load();
  assert.equal((await versions()).length, 1);
  await database.query(`update known_issue_version set source = 'when: {}'`);
  await known.refresh('default');
  assert.deepEqual(await verdictOn(known, channelFacts), []);
});
