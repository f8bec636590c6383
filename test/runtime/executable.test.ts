import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { buildAgent } from '../../agent/build/build-agent.ts';
import { ensureQuickjsArchive, ensureQuickjsSource } from '../../agent/build/quickjs-source.ts';
import { deflater, nativeCompiler, windowsTools } from '../../agent/build/toolchain.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import { faketime } from '../support/debian-packages.ts';
import { top } from '../support/imports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { agentCache, builtAgent } from './support/built-agent.ts';
import { noWine } from './support/wine-machine.ts';

const noFaketime = fs.existsSync(faketime.file) ? false : `not installed: ${faketime.name}`;

/** Bits of DllCharacteristics, "PE Format". */
const characteristics = { highEntropy: 0x20, dynamicBase: 0x40, noExecute: 0x100 };

describe('the file bootmend.exe', { skip: noWine }, () => {
  test('is small, made for x64 and says what it is', async () => {
    const bytes = fs.readFileSync(await builtAgent());
    assert.ok(bytes.length <= 1_000_000, `${bytes.length} bytes`);
    const read = readPortableExecutable(memorySource(bytes));
    assert.ok(read.ok);
    const { version } = JSON.parse(fs.readFileSync(path.join(top, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.deepEqual([read.image.architecture, read.image.fileVersion], ['x64', `${version}.0`]);
    assert.match(bytes.toString('latin1'), /requestedExecutionLevel level="asInvoker"/);
  });

  test('is protected: any address, no code in data', async () => {
    const bytes = fs.readFileSync(await builtAgent());
    const optionalHeader = bytes.readUInt32LE(0x3c) + 24;
    const flags = bytes.readUInt16LE(optionalHeader + 70);
    for (const [name, bit] of Object.entries(characteristics)) assert.ok((flags & bit) !== 0, name);
  });

  test('needs KERNEL32 and msvcrt to start, and nothing else', async () => {
    const headers = execFileSync('x86_64-w64-mingw32-objdump', ['-p', await builtAgent()], {
      encoding: 'utf8',
    });
    const libraries = [...headers.matchAll(/DLL Name: (\S+)/g)].map(match => match[1]?.toLowerCase());
    assert.deepEqual(new Set(libraries), new Set(['kernel32.dll', 'msvcrt.dll']));
  });

  const again =
    'is the same when all of it is built again elsewhere, for another user, years later, from an archive of our own';
  test(again, { skip: noFaketime }, async () => {
    const elsewhere = temporaryFolder();
    for (const name of ['agent', 'shared', 'node_modules', 'package.json'])
      fs.symlinkSync(path.join(top, name), path.join(elsewhere, name));
    const out = path.join(elsewhere, 'made in another place', 'agent.exe');
    const first = fs.readFileSync(await builtAgent());
    const archive = ensureQuickjsArchive(agentCache, () => {});
    // Nothing is taken over from the first build: QuickJS, the compiler of its bytecode and the C host are made anew.
    const cache = path.join(elsewhere, 'cache');
    const tools = path.join(elsewhere, 'tools');
    makeToolsOf2031(tools);
    const environment = {
      PATH: `${tools}:${process.env.PATH}`,
      TZ: 'Pacific/Kiritimati',
      USER: 'somebody',
      LOGNAME: 'somebody',
      HOME: elsewhere,
      QUICKJS_SRC: archive,
    };
    await withEnvironment(environment, () =>
      buildAgent({ top: elsewhere, entry: 'agent/bootmend.ts', out, cache, say: () => {} }),
    );
    assert.ok(fs.readFileSync(out).equals(first));
  });

  test('is not built from an archive of another hash, nor from one that is not there', async () => {
    const folder = temporaryFolder();
    const archive = path.join(folder, 'quickjs.tar.xz');
    const take = () =>
      withEnvironment({ QUICKJS_SRC: archive }, async () => ensureQuickjsSource(folder, () => {}));
    await assert.rejects(take, /is not there/);
    fs.writeFileSync(archive, 'something else');
    await assert.rejects(take, /is not quickjs_.*its SHA-256 is/);
  });
});

/** The tools of the build as they are on a day in 2031. */
function makeToolsOf2031(folder: string): void {
  fs.mkdirSync(folder);
  for (const tool of [...Object.values(windowsTools), nativeCompiler, deflater]) {
    const script = `#!/bin/sh\nexec ${faketime.file} '2031-05-06 07:08:09' /usr/bin/${tool} "$@"\n`;
    fs.writeFileSync(path.join(folder, tool), script, { mode: 0o755 });
  }
  const told = execFileSync(path.join(folder, nativeCompiler), ['-E', '-P', '-'], { input: '__DATE__' });
  assert.equal(String(told).trim(), '"May  6 2031"', 'they would tell that day to whoever asks');
}

async function withEnvironment(
  change: Readonly<Record<string, string>>,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = Object.keys(change).map(name => [name, process.env[name]] as const);
  Object.assign(process.env, change);
  try {
    await work();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

test('every call of the C host is documented and typed, and no other', () => {
  const runtime = path.join(top, 'agent/runtime');
  const sources = fs.readdirSync(runtime).filter(file => file.endsWith('.c'));
  const inC = sources.flatMap(file =>
    [...fs.readFileSync(path.join(runtime, file), 'utf8').matchAll(/JS_CFUNC_DEF\("(\w+)"/g)].map(
      match => match[1],
    ),
  );
  const types = fs.readFileSync(path.join(top, 'agent/host/native-calls.ts'), 'utf8');
  const typed = [...types.matchAll(/^ {2}(\w+)\(/gm)].map(match => match[1]);
  const table =
    fs.readFileSync(path.join(runtime, 'README.md'), 'utf8').match(/^\| `[\w-]+\.c` \|.*$/gm) ?? [];
  const documented = table.flatMap(row => [...row.matchAll(/`(\w+)`/g)].map(match => match[1]));
  assert.ok(inC.length > 40);
  assert.deepEqual(new Set(typed), new Set(inC));
  assert.deepEqual(new Set(documented), new Set(inC));
});
