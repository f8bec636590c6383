import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exitCodes, runCommandLine } from '../agent/command-line.ts';
import { MemoryDisk } from '../agent/host/memory-disk.ts';
import { createMemoryHost } from '../agent/host/memory-host.ts';
import { fieldSteps } from '../agent/provision/fieldtest/run-fieldtest.ts';
import { usageOf } from '../server/cli/usage.ts';
import { imagePlaces } from '../shared/winre/agent-settings.ts';
import { top } from './support/imports.ts';

const text = readFileSync(path.join(top, 'docs/not-proven-on-windows.md'), 'utf8');
const rows = text
  .split('\n')
  .filter(line => line.startsWith('| '))
  .slice(2)
  .map(line => line.split(/(?<!\\)\|/).map(cell => cell.trim()))
  .map(cells => ({ cells, claim: cells[1] ?? '', standIn: cells[2] ?? '', command: cells[3] ?? '' }));
const steps = fieldSteps.map(({ step }) => step);
const codeIn = (words: string) => [...words.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

test('each row says a claim, a stand-in and what would prove it', () => {
  assert.ok(rows.length > 70);
  for (const { cells, claim, standIn, command } of rows) {
    assert.equal(cells.length, 5, claim);
    assert.ok(claim !== '' && standIn !== '' && command !== '', claim);
  }
  assert.equal(new Set(rows.map(one => one.claim)).size, rows.length);
});

test('each row that is marked names steps of the field test, and each step is named by a row', () => {
  const named = rows.flatMap(({ claim, command }) => {
    if (!command.includes('fieldtest')) return [];
    const [, words] = /^\*fieldtest\* ((?:`[a-z-]+`(?:, | and )?)+)/.exec(command) ?? [];
    assert.ok(words, `${claim}: a step stands behind *fieldtest*`);
    const here = codeIn(words);
    for (const step of here) assert.ok(steps.includes(step), `${claim}: ${step}`);
    // Whatever is said of further steps is said of some that exist.
    return codeIn(command).filter(code => steps.includes(code));
  });
  for (const step of steps) assert.ok(named.includes(step), `${step} is named by no row`);
  assert.equal(new Set(steps).size, steps.length);
});

test('each command of the agent that is shown is one that it takes', async () => {
  const shown = [...rows.flatMap(({ command }) => codeIn(command)), ...text.split('\n')]
    .map(one => one.replace(`X:\\${imagePlaces.agent}`, 'bootmend').replace(/ > .*/, ''))
    .filter(one => /^bootmend(\.exe)? [a-z]/.test(one))
    .map(one => one.replace(/^bootmend(\.exe)? /, '').replace(' --json-events', ''));
  assert.ok(shown.length > 20);
  for (const command of new Set(shown)) {
    const code = await runCommandLine({
      host: createMemoryHost({ disks: { C: new MemoryDisk() }, environment: 'windows' }),
      argv: command.split(' ').map(word => (/^\w+\.\w+$/.test(word) ? `C:\\${word}` : word)),
      agentPath: 'C:\\bootmend.exe',
      out: () => undefined,
      error: () => undefined,
    });
    assert.notEqual(code, exitCodes.usage, `bootmend ${command}`);
  }
});

test('each command of the desk that is shown is one that it has, with these options', () => {
  const shown = rows
    .flatMap(({ command }) => codeIn(command))
    .filter(one => one.startsWith('npm run -s bootmend -- '));
  assert.ok(shown.length > 5);
  for (const command of shown) {
    const [name = '', second = '', ...more] = command.replace('npm run -s bootmend -- ', '').split(' ');
    const usage = Object.entries<readonly string[]>(usageOf)
      .find(([known]) => known === name)?.[1]
      .join('\n');
    assert.ok(usage, `${name} in ${command}`);
    for (const word of [second, ...more])
      if (/^(--)?[a-z-]+$/.test(word)) assert.ok(usage.includes(word), `${word} in ${command}`);
  }
});
