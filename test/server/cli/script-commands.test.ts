import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { runCheck } from '../../../server/cli/check.ts';
import { runExplain } from '../../../server/cli/explain.ts';
import { runFmt } from '../../../server/cli/fmt.ts';
import { runMatch } from '../../../server/cli/match.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'bootmend-cli-'));
after(() => rmSync(directory, { recursive: true }));

function fileWith(name: string, text: string | Uint8Array): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** Runs a command and gives its exit code and what it wrote. */
async function run(command: typeof runCheck, ...argv: string[]) {
  let [out, error] = ['', ''];
  const code = await command(argv, {
    out: text => (out += text),
    error: text => (error += text),
    coloured: false,
  });
  return { code, out, error };
}

const json = ({ out }: { readonly out: string }) => JSON.parse(out) as Record<string, unknown>;
const sound = fileWith(
  'sound.mend',
  String.raw`delete   %systemroot%\System32\drivers\Contoso\bad-*.sys` + '\nreboot\n',
);
const unsound = fileWith('unsound.mend', 'delete C:\\Windows\\bad.sys\nrebot\n');

describe('check', () => {
  test('a sound script', async () => {
    assert.deepEqual(await run(runCheck, sound), {
      code: 0,
      out: `${sound}: no mistakes. 1 step, risk low.\n`,
      error: '',
    });
    assert.deepEqual(json(await run(runCheck, sound, '--json')), { ok: true, file: sound, diagnostics: [] });
  });

  test('an unsound script shows every mistake with a caret', async () => {
    const { code, out, error } = await run(runCheck, unsound);
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      error,
      /unsound\.mend:1:8 drive-letter\n[^]*\^{18}\n[^]*unsound\.mend:2:1 unknown-word[^]*2 mistakes\.\n$/,
    );
    const document = json(await run(runCheck, unsound, '--json'));
    assert.equal(document['ok'], false);
    assert.deepEqual(
      (document['diagnostics'] as { code: string }[]).map(one => one.code),
      ['drive-letter', 'unknown-word'],
    );
  });

  test('bytes that are no text, a file that is too large or missing, no file at all', async () => {
    assert.match(
      (await run(runCheck, fileWith('latin1.mend', Uint8Array.of(0xe4, 0x0a)))).error,
      /forbidden-character/,
    );
    const utf16 = fileWith('utf16.mend', Buffer.from('\ufeffreboot\n', 'utf16le'));
    assert.match((await run(runCheck, utf16)).error, /^not-text: .*UTF-16.*save it as UTF-8\n$/);
    const program = fileWith('program.mend', Uint8Array.of(0x4d, 0x5a, 0x90, 0));
    assert.match((await run(runCheck, program)).error, /^not-text: .*is no text/);
    assert.match((await run(runCheck, fileWith('large.mend', 'x'.repeat(100_000)))).error, /too-large/);
    const missing = await run(runCheck, path.join(directory, 'no.mend'), '--json');
    assert.equal(missing.code, 1);
    assert.match(missing.out, /file-not-found/);
    assert.equal((await run(runCheck)).code, 2);
  });
});

describe('explain', () => {
  test('says what a script will do', async () => {
    const { code, out } = await run(runExplain, sound);
    assert.equal(code, 0);
    assert.match(
      out,
      /line 1 {2}Deletes up to 16 files named bad-\*\.sys in %SystemRoot%\\System32\\drivers\\Contoso\.\n {2}line 2 {2}Restarts the machine\.\n$/,
    );
  });

  test('explains nothing of an unsound script', async () => {
    assert.equal((await run(runExplain, unsound)).code, 1);
    assert.deepEqual(json(await run(runExplain, unsound, '--json'))['sentences'], []);
  });
});

describe('fmt', () => {
  test('shows the one layout and writes it only when asked', async () => {
    const before = readFileSync(sound, 'utf8');
    const formatted = String.raw`delete %SystemRoot%\System32\drivers\Contoso\bad-*.sys` + '\n\nreboot\n';
    assert.deepEqual(await run(runFmt, sound), { code: 0, out: formatted, error: '' });
    assert.equal(readFileSync(sound, 'utf8'), before);
    const copy = fileWith('copy.mend', before);
    assert.match((await run(runFmt, copy, '--write')).out, /written in its one layout/);
    assert.equal(readFileSync(copy, 'utf8'), formatted);
    assert.match((await run(runFmt, copy, '--write')).out, /already in its one layout/);
  });

  test('leaves an unsound script alone', async () => {
    const before = readFileSync(unsound, 'utf8');
    assert.equal((await run(runFmt, unsound, '--write')).code, 1);
    assert.equal(readFileSync(unsound, 'utf8'), before);
  });
});

describe('match', () => {
  const folder = String.raw`%systemroot%\system32\drivers\crowdstrike`;
  const facts = {
    'driver.csagent.version': '7.15.18513.0',
    [`searched.${folder}\\*`]: { files: 1 },
    [`file.${folder}\\c-00000291-00000000-00000032.sys`]: {
      sizeBytes: 41_004,
      writtenAt: '2024-07-19T04:09:33.000Z',
    },
  };

  test('names the known issue and the reasons', async () => {
    const file = fileWith('facts.json', JSON.stringify({ ...facts, 'made.up': 1 }));
    const { code, out } = await run(runMatch, '--facts', file);
    assert.equal(code, 0);
    assert.match(
      out,
      /^Matches: CrowdStrike channel file 291 of 19 July 2024 \(crowdstrike-2024-07-19\)\n {2}yes {2}Version of driver csagent is 7\.11 or newer\.\n/,
    );
    assert.match(out, /Not a fact, left out: made\.up/);
    const document = json(await run(runMatch, '--facts', file, '--json'));
    assert.deepEqual(
      (document['matches'] as { id: string }[]).map(one => one.id),
      ['crowdstrike-2024-07-19'],
    );
    assert.deepEqual(document['dropped'], ['made.up']);
  });

  test('no match, no facts, no rules and a rule that cannot be read end in failure', async () => {
    const empty = fileWith('empty.json', '{}');
    const none = await run(runMatch, '--facts', empty);
    assert.equal(none.code, 1);
    assert.match(none.out, /known issues matches/);
    assert.match((await run(runMatch, '--facts', fileWith('list.json', '[]'))).error, /not-facts/);
    assert.match(
      (await run(runMatch, '--facts', empty, '--rules', path.join(directory, 'none'))).error,
      /rules-not-found/,
    );
    assert.equal((await run(runMatch, '--rules', directory)).code, 2);
  });
});
