import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { nearMiss } from '../../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';
import { runSimulate } from '../../../server/cli/simulate.ts';
import { top } from '../../support/imports.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bootmend-simulate-'));
after(() => rmSync(folder, { recursive: true }));
const [broken, near] = [path.join(folder, 'broken'), path.join(folder, 'near')];
before(async () => {
  await machine.build(broken);
  await nearMiss.build(near);
});
const script = path.join(top, 'server/catalog/crowdstrike-2024-07-19/remediation.mend');

async function run(...argv: string[]) {
  let [out, error] = ['', ''];
  const terminal = {
    out: (text: string) => (out += text),
    error: (text: string) => (error += text),
    coloured: false,
  };
  return { code: await runSimulate(argv, terminal), out, error };
}

/** Every file with its time and hash. */
const listing = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .map(file => [
      file,
      statSync(file).mtimeMs,
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]);

describe('bootmend simulate', () => {
  test('a lab machine and its drive alone: the shipped script would heal it, and nothing is changed', async () => {
    const whole = listing(broken);
    for (const volume of [broken, path.join(broken, 'C')]) {
      const { code, out } = await run(script, '--volume', volume);
      assert.equal(code, 0);
      assert.match(out, /^It would run and change one thing, then restart the machine\.\n/);
      assert.match(out, /C-00000291-00000000-00000032\.sys {2}to quarantine/);
      assert.match(out, /Nothing was changed/);
    }
    assert.deepEqual(listing(broken), whole);
  });

  test('a near miss is left alone, and the line that says so is named', async () => {
    const { code, out } = await run(script, '--volume', near, '--json');
    const document = JSON.parse(out) as { outcome: string; ok: boolean; differences: unknown[] };
    assert.equal(code, 1);
    assert.deepEqual([document.ok, document.differences], [false, []]);
    assert.notEqual(document.outcome, 'would-run');
  });

  test('recorded facts decide what they tell and leave the rest open', async () => {
    const facts = path.join(folder, 'facts.json');
    writeFileSync(facts, JSON.stringify({ 'driver.csagent.version': '7.15', 'no such fact': 1 }));
    const { code, out, error } = await run(script, '--facts', facts);
    assert.equal(code, 1);
    assert.match(out, /^The recorded facts do not decide it\./);
    assert.match(
      out,
      /The recorded facts do not tell all of\n {2}C:\\Windows\\System32\\drivers\\CrowdStrike/,
    );
    assert.match(error, /Not a fact, left out: no such fact/);
  });

  test('no ground, two grounds, no Windows, a script with mistakes', async () => {
    assert.equal((await run(script)).code, 2);
    assert.equal((await run(script, '--volume', broken, '--facts', 'x')).code, 2);
    assert.match((await run(script, '--volume', path.join(folder, 'none'))).error, /folder-not-found/);
    assert.match((await run(script, '--volume', folder)).error, /windows-not-found/);
    const wrong = path.join(folder, 'wrong.mend');
    writeFileSync(wrong, 'erase it\n');
    assert.match((await run(wrong, '--volume', broken)).error, /unknown-word/);
  });
});
