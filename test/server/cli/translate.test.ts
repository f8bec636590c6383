import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { runTranslate } from '../../../server/cli/translate.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-translate-'));
after(() => rmSync(folder, { recursive: true }));

async function run(argv: readonly string[], input = '') {
  let [out, error] = ['', ''];
  const terminal = {
    out: (text: string) => (out += text),
    error: (text: string) => (error += text),
    coloured: false,
  };
  return { code: await runTranslate(argv, terminal, () => Promise.resolve(input)), out, error };
}

const del = String.raw`del C:\Windows\System32\drivers\bad-*.sys`;
const script = String.raw`delete %SystemRoot%\System32\drivers\bad-*.sys`;

describe('bootmend translate', () => {
  test('a script on standard output, what to add on standard error', async () => {
    const { code, out, error } = await run([del]);
    assert.deepEqual([code, out], [0, `# From: ${del}\n${script}\n`]);
    assert.match(error, /To add before it runs\n[^]*require crash module[^]*at most 4 files/);
  });

  test('from a file, from standard input, without quotes', async () => {
    const file = path.join(folder, 'article.txt');
    writeFileSync(file, `1. ${del}\r\n2. Call us\r\n`);
    const read = await run(['--from', file]);
    assert.equal(read.code, 1);
    assert.match(read.error, /Not translated\n {2}line 2 {2}2\. Call us/);
    assert.equal((await run(['-'], del)).out, `# From: ${del}\n${script}\n`);
    assert.match((await run(del.split(' '))).out, /^# From: del/);
  });

  test('one JSON document; no arguments; no file', async () => {
    const document = JSON.parse((await run([del, '--json'])).out) as { ok: boolean; script: string };
    assert.equal(document.ok, true);
    assert.ok(document.script.includes(script));
    assert.equal((await run([])).code, 2);
    assert.match((await run(['--from', path.join(folder, 'no')])).error, /file-not-found/);
  });
});
