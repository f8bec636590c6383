import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exitCodes, runCommandLine } from '../agent/command-line.ts';
import { MemoryDisk } from '../agent/host/memory-disk.ts';
import { createMemoryHost } from '../agent/host/memory-host.ts';
import { installedAgentOn } from '../agent/provision/startup-task.ts';
import { checkBlock } from './support/document-tables.ts';
import { top } from './support/imports.ts';
import { readPowerShell } from './support/powershell.ts';

// No PowerShell is to be had here: a grammar reads its scripts, what they ask of the agent is tried, and the rest
// stands in docs/not-proven-on-windows.md.
const scripts = ['intune', 'group-policy'].flatMap(folder =>
  readdirSync(path.join(top, 'docs', folder)).map(name => {
    const text = readFileSync(path.join(top, 'docs', folder, name), 'utf8');
    const lines = text.split('\n');
    return { name, text, code: lines.filter(line => !line.startsWith('#')).join('\n') };
  }),
);
/** Blocks and lines of PowerShell that a document asks a person to type. */
const shown = readdirSync(path.join(top, 'docs'))
  .filter(name => name.endsWith('.md'))
  .flatMap(name => {
    const text = readFileSync(path.join(top, 'docs', name), 'utf8');
    const blocks = [...text.matchAll(/^```powershell\n([^]*?)^```$/gm)].map(([, block = '']) => block);
    const lines = [...text.matchAll(/`((?:Get|Set|New|Test|Add)-[A-Z][^`]*)`/g)].map(([, line = '']) =>
      line.replaceAll('\\|', '|'),
    );
    return [...blocks, ...lines].map(code => ({ name, code }));
  });
const installed = installedAgentOn('C:\\').replace('C:\\Program Files\\', '');

test('the scripts for management tools find the agent where it is installed', () => {
  assert.deepEqual(
    scripts.map(({ name }) => name),
    ['detect.ps1', 'remediate.ps1', 'start-up.ps1'],
  );
  for (const { name, code } of scripts.filter(one => one.name !== 'remediate.ps1'))
    assert.ok(code.includes(`$agent = Join-Path $env:ProgramW6432 '${installed}'`), name);
});

test('what they ask of the agent is what it takes, and its exit code decides', async () => {
  for (const { name, code } of scripts) {
    const asked = [...code.matchAll(/& (?:\$agent|\(Join-Path \$source 'bootmend\.exe'\)) (.*)$/gm)].map(
      ([, words = '']) => words.replace(/\(.*?\)|\$bundle/g, 'C:\\bundle.json').split(' '),
    );
    assert.equal(asked.length, 1, name);
    const said: string[] = [];
    const exitCode = await runCommandLine({
      host: createMemoryHost({ disks: { C: new MemoryDisk() }, environment: 'windows' }),
      argv: asked[0]!,
      agentPath: 'C:\\bootmend.exe',
      out: text => said.push(text),
      error: () => undefined,
    });
    assert.equal(
      exitCode,
      exitCodes.failed,
      `${name}: understood, and not true on a machine without anything`,
    );
    assert.ok(JSON.parse(said.join('\n')), `${name} hears one JSON document`);
    const compared = [...code.matchAll(/(?:LASTEXITCODE|\$code) -eq (\d+)/g)].map(match => Number(match[1]));
    assert.ok(
      compared.every(one => one === exitCodes.done),
      name,
    );
  }
});

test('Intune hears 0 for a good machine and 1 for any other, and nothing else', () => {
  const [detect, remediate] = scripts.map(({ code }) => code);
  for (const code of [detect!, remediate!]) {
    const ends = [...code.matchAll(/exit (\S+)/g)].map(match => match[1]);
    assert.deepEqual(new Set(ends), new Set(['0', '1']));
    assert.equal(code.match(/exit 0/g)?.length, 1);
    assert.match(code, /-eq 0\) \{ [^\n]*exit 0 \}/);
    assert.match(code, /exit 1\n$/, 'whatever was not foreseen is no success');
  }
});

/** What every Windows PowerShell 5.1 has without a module that somebody installs. */
const ofWindows = ['Join-Path', 'Test-Path', 'Write-Output', 'Remove-Item'];

test('each script is well-formed PowerShell, in ASCII, and calls nothing that Windows lacks', async () => {
  for (const { name, text } of scripts) {
    // Windows PowerShell 5.1 takes a file without a mark for the code page of the machine.
    assert.match(text, /^[\n\x20-\x7e]+$/, name);
    const read = await readPowerShell(text);
    assert.ok(read.isWellFormed, name);
    assert.ok(read.commands.length > 0, name);
    for (const command of read.commands) assert.ok(ofWindows.includes(command), `${name}: ${command}`);
  }
  assert.ok(shown.length > 0);
  for (const { name, code } of shown)
    assert.ok((await readPowerShell(code)).isWellFormed, `${name}: ${code}`);
});

test('a bracket that is missing from a script is noticed', async () => {
  for (const { name, code } of scripts)
    for (const { index, 0: sign } of code.matchAll(/[(){}]/g)) {
      const without = code.slice(0, index) + code.slice(index + 1);
      assert.ok(!(await readPowerShell(without)).isWellFormed, `${name} without its ${sign} at ${index}`);
    }
});

test('the guide shows the script of the network start as it is', () => {
  const script = readFileSync(path.join(top, 'docs/network-start/rescue.ipxe'), 'utf8');
  return checkBlock('docs/recovery-environment.md', 'ipxe', `\`\`\`\n${script}\`\`\``);
});
