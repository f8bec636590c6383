import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ensureArchive, ensureSource, libsodium, quickjs } from '../../agent/build/source-archive.ts';
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
const relocationsStripped = 0x1;
const section = { execute: 0x2000_0000, write: 0x8000_0000 };

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
    const shown = {
      FileDescription: 'Bootmend agent',
      OriginalFilename: 'bootmend.exe',
      ProductVersion: version,
    };
    for (const [name, value] of Object.entries(shown)) {
      const at = bytes.indexOf(Buffer.from(`${name}\0`, 'utf16le'));
      assert.ok(at > 0, name);
      const behind = bytes.subarray(at + 2 * name.length + 2, at + 2 * name.length + 80).toString('utf16le');
      assert.ok(behind.replace(/^\0+/, '').startsWith(`${value}\0`), `${name}: ${behind}`);
    }
  });

  test('is protected: any address, no code in data', async () => {
    const bytes = fs.readFileSync(await builtAgent());
    const optionalHeader = bytes.readUInt32LE(0x3c) + 24;
    const flags = bytes.readUInt16LE(optionalHeader + 70);
    for (const [name, bit] of Object.entries(characteristics)) assert.ok((flags & bit) !== 0, name);
    // Without relocations the flag for any address is a word and nothing else.
    const relocations = bytes.readUInt32LE(optionalHeader + 112 + 5 * 8 + 4);
    assert.ok(relocations > 1000, `${relocations} bytes of relocations`);
    assert.equal(bytes.readUInt16LE(optionalHeader - 2) & relocationsStripped, 0);
    const sections = bytes.readUInt16LE(optionalHeader - 18);
    const table = optionalHeader + bytes.readUInt16LE(optionalHeader - 4);
    for (let at = table; at < table + sections * 40; at += 40) {
      const rights = bytes.readUInt32LE(at + 36);
      const name = bytes.toString('latin1', at, at + 8);
      assert.ok((rights & section.execute) === 0 || (rights & section.write) === 0, `${name} is both`);
    }
  });

  test('leaves no function with an array on its stack without a guard', async () => {
    const code = objdump('-d', '--no-show-raw-insn', await builtAgent());
    const [, end] = /^ *([0-9a-f]+):\s+mov +\$0xc0000409,%edx$/m.exec(code) ?? [];
    assert.ok(end, 'a broken guard ends the process with STATUS_STACK_BUFFER_OVERRUN');
    const target = [...code.matchAll(/\scall +0x([0-9a-f]+)$/gm)].map(match =>
      Number.parseInt(match[1]!, 16),
    );
    // The function begins at most a few instructions before.
    const places = target.filter(at => at <= Number.parseInt(end, 16) && at > Number.parseInt(end, 16) - 48);
    assert.equal(new Set(places).size, 1);
    assert.ok(places.length > 400, `${places.length} functions look after their guard`);
  });

  test('needs KERNEL32 and msvcrt to start, and nothing else', async () => {
    const headers = objdump('-p', await builtAgent());
    const libraries = [...headers.matchAll(/DLL Name: (\S+)/g)].map(match => match[1]?.toLowerCase());
    assert.deepEqual(new Set(libraries), new Set(['kernel32.dll', 'msvcrt.dll']));
  });

  test('changes names by handle alone, and starts no program but by its path and arguments', async () => {
    const functions = [...objdump('-p', await builtAgent()).matchAll(/^\t[0-9a-f]+\s+\d+\s+(\w+)/gm)];
    const imported = functions.map(match => match[1]!);
    assert.ok(imported.includes('SetFileInformationByHandle') && imported.includes('CreateProcessW'));
    const others =
      /^(DeleteFile|RemoveDirectory|MoveFile|ReplaceFile|CopyFile|CreateHardLink|WinExec|ShellExecute|_?w?(remove|rename|unlink|system|popen|exec|spawn|fopen))/;
    assert.deepEqual(
      imported.filter(name => others.test(name)),
      [],
    );
  });

  const again =
    'is the same when all of it is built again elsewhere, by another user, years later, from an archive of our own';
  test(again, { skip: noFaketime }, async () => {
    const elsewhere = temporaryFolder();
    fs.chmodSync(elsewhere, 0o777);
    for (const name of ['agent', 'shared', 'node_modules', 'package.json'])
      fs.symlinkSync(path.join(top, name), path.join(elsewhere, name));
    const out = path.join(elsewhere, 'made in another place', 'agent.exe');
    const first = fs.readFileSync(await builtAgent());
    const archives = Object.fromEntries(
      [quickjs, libsodium].map(one => [one.setting, ensureArchive(one, agentCache, () => {})]),
    );
    // Nothing is taken over from the first build: QuickJS with the compiler of its bytecode, libsodium and the C host are
    // made anew.
    const cache = path.join(elsewhere, 'cache');
    const tools = path.join(elsewhere, 'tools');
    makeToolsOf2031(tools);
    const environment = {
      PATH: `${tools}:${process.env.PATH}`,
      TZ: 'Pacific/Kiritimati',
      USER: 'somebody',
      LOGNAME: 'somebody',
      HOME: elsewhere,
      ...archives,
    };
    const build = pathToFileURL(path.join(top, 'agent/build/build-agent.ts')).href;
    const wanted = JSON.stringify({ top: elsewhere, entry: 'agent/bootmend.ts', out, cache });
    const script = `import { buildAgent } from ${JSON.stringify(build)};
      await buildAgent({ ...${wanted}, say: () => undefined });`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: elsewhere,
      encoding: 'utf8',
      env: environment,
      ...someoneElse(),
    });
    assert.equal(status, 0, stderr);
    assert.ok(fs.readFileSync(out).equals(first));
  });

  test('is not built from an archive of another hash, nor from one that is not there', async () => {
    const folder = temporaryFolder();
    const archive = path.join(folder, 'quickjs.tar.xz');
    const take = () =>
      withEnvironment({ QUICKJS_SRC: archive }, async () => ensureSource(quickjs, folder, () => {}));
    await assert.rejects(take, /is not there/);
    fs.writeFileSync(archive, 'something else');
    await assert.rejects(take, /is not quickjs_.*its SHA-256 is/);
  });
});

const objdump = (...words: readonly string[]) =>
  execFileSync('x86_64-w64-mingw32-objdump', words, { encoding: 'utf8', maxBuffer: 1 << 26 });

const nobody = 65_534;

/** Another user, where this one may become one that can read the project; else a user by name alone. */
function someoneElse(): { readonly uid?: number; readonly gid?: number } {
  const other = { uid: nobody, gid: nobody };
  const reads = `require('node:fs').readFileSync(${JSON.stringify(path.join(top, 'package.json'))})`;
  const tried =
    process.getuid?.() === 0 && spawnSync(process.execPath, ['--eval', reads], other).status === 0;
  return tried ? other : {};
}

test('who may not install the toolchain is told what to install, and nothing is built', () => {
  const toolchain = pathToFileURL(path.join(top, 'agent/build/debian-packages.ts')).href;
  const script = `import { ensurePackages } from ${JSON.stringify(toolchain)};
    const packages = ['gcc-mingw-w64-none', 'zopfli-none'].map(name => ({ name, file: '/nowhere/' + name }));
    process.getuid = () => 1000;
    process.exitCode = ensurePackages([...packages, { name: 'sh', file: '/bin/sh' }], console.log).length;`;
  const words = ['--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.equal(status, 2, stderr);
  assert.match(stdout, /sudo apt-get install gcc-mingw-w64-none zopfli-none$/m);
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
