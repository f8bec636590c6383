import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { iproute2, nftables } from '../support/debian-packages.ts';
import { noWine } from './support/wine-machine.ts';

const run = promisify(execFile);
const missing = [iproute2, nftables].filter(one => !fs.existsSync(one.file)).map(one => one.name);
const skip =
  noWine !== false
    ? noWine
    : missing.length > 0
      ? `not installed: ${missing.join(', ')}`
      : process.getuid?.() === 0
        ? false
        : 'only root makes a network of its own to lose packets in';

test('the executable heals the machine while 30 % of all packets are lost', { skip }, async t => {
  const file = path.join(import.meta.dirname, 'support/heal-through-loss.ts');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = ['--net', '--', process.execPath, '--test-reporter=tap', file];
  const { stdout } = await run('unshare', words, { env }).catch((error: unknown) => {
    assert.fail(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error));
  });
  const [, lost] = /^# (\d+) packets lost/m.exec(stdout) ?? [];
  assert.ok(Number(lost) > 0, stdout);
  t.diagnostic(`${lost} packets lost`);
});
