import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bootmend } from '../../support/command.ts';
import { startTestServer, temporaryDataDir, testConfig } from '../../support/running-server.ts';

const config = testConfig();
await startTestServer(config);
const doctor = async (dataDir: string, ...args: string[]) => {
  const { code, out } = await bootmend(['doctor', ...args], { BOOTMEND_DATA_DIR: dataDir });
  return { code, out };
};
interface Told {
  readonly isWell: boolean;
  readonly findings: readonly { readonly check: string; readonly state: string; readonly advice?: string }[];
}
const stateOf = (told: Told, check: string) => told.findings.find(one => one.check === check)?.state;

test('a sound installation is well while its server runs, and what could be better has its advice', async () => {
  const { code, out } = await doctor(config.dataDir, '--json');
  const told = JSON.parse(out) as Told;
  assert.equal(code, 0, out);
  assert.equal(told.isWell, true);
  for (const check of ['settings', 'keys', 'device certificate', 'clock', 'database', 'migrations'])
    assert.equal(stateOf(told, check), 'good', check);
  assert.equal(stateOf(told, 'policy'), 'warning');
  for (const finding of told.findings.filter(one => one.state !== 'good')) assert.ok(finding.advice);
});

test('a key that others may read is broken, and so is an installation that is not there', async () => {
  chmodSync(path.join(config.dataDir, 'keys/online-key'), 0o644);
  const { code, out } = await doctor(config.dataDir);
  assert.equal(code, 1);
  assert.match(out, /BROKEN keys +Others may read online-key\.\n +chmod 600/);
  const nothing = await doctor(path.join(temporaryDataDir(), 'none'));
  assert.equal(nothing.code, 1);
  assert.match(nothing.out, /npm start makes it/);
});
