import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { NativeCalls, NativeVolume } from '../../agent/host/native-calls.ts';
import { testHost } from '../agent/host/conformance.ts';
import { startEchoServer } from '../agent/host/echo-server.ts';
import { startConnectProxies } from '../agent/host/connect-proxy.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import { top } from '../support/imports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compileOnce, drivenAgent } from './support/built-agent.ts';
import { RemoteHost } from './support/remote-host.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

if (noWine) test('the executable keeps every promise of Host', { skip: noWine });
else {
  const [e, f] = [temporaryFolder(), temporaryFolder()];
  const windows = new WineMachine({ E: e, F: f });
  const exe = windows.install(await drivenAgent());
  const remote = new RemoteHost(windows, exe);
  const realOf = (name: string) => path.join(e, ...name.split('\\').slice(1));
  after(() => remote.close());
  let count = 0;
  testHost('host of the executable', async () => {
    const server = await startEchoServer();
    const { close: closeProxies, ...proxies } = await startConnectProxies();
    const folder = `Work${++count}`;
    fs.mkdirSync(path.join(e, folder));
    return {
      host: remote.host,
      directory: `E:\\${folder}`,
      otherVolume: 'F:\\x',
      placeLink: (name, target) => fs.symlinkSync(realOf(target), realOf(name)),
      keepsCase: true,
      setWrittenAt: (name, ms) => fs.utimesSync(realOf(name), ms / 1000, ms / 1000),
      deadServer: 'https://127.0.0.1:1',
      ...server,
      proxies,
      close: async () => {
        closeProxies();
        await server.close();
      },
    };
  });

  // Programs run on the executable alone: the other hosts are given stand-ins.
  const program = windows.install(compileOnce('mend'));
  const run = (words: readonly string[], timeoutMs = 60_000) =>
    remote.host.tools.runProgram({ path: program, arguments: words, timeoutMs });

  test('a program gets each argument as it is, and tells its output and its exit code', async () => {
    const words = [
      '/echo',
      '',
      'a "b" c',
      'C:\\Program Files\\',
      '\\"\\\\"',
      '%PATH% & calc | ^',
      "it's",
      'Prüfung 検査',
    ];
    const asWritten = (word: string) =>
      word.replaceAll(/[^ -~]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    assert.deepEqual(await run(words), {
      kind: 'ended',
      exitCode: 0,
      output: words.map(word => `${asWritten(word)}\r\n`).join(''),
      truncated: false,
    });
    // 259 is what Windows says of a program that still runs.
    for (const code of [1, 259, 3_221_225_477]) {
      const ended = await run(['/exit', String(code)]);
      assert.equal(ended.kind === 'ended' && ended.exitCode >>> 0, code);
    }
  });

  test('of a long output the end is kept, and a program that is not there was never started', async () => {
    const said = await run(['/say', '200000']);
    assert.ok(said.kind === 'ended' && said.truncated);
    assert.equal(said.output.length, 64 * 1024);
    assert.ok(said.output.endsWith('xx!'));
    const missing = await remote.host.tools.runProgram({
      path: 'C:\\none.exe',
      arguments: [],
      timeoutMs: 1000,
    });
    assert.deepEqual(missing.kind === 'failed' && [missing.failure.kind, missing.failure.code], [
      'permanent',
      'tool-missing',
    ]);
  });

  test('a program whose time is over is ended with all that it started', async () => {
    const running = () => windows.listRunning('mend.exe').length;
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, running())), 50);
    const ended = await run(['/wait'], 3000);
    clearInterval(looking);
    assert.equal(ended.kind, 'timed-out');
    assert.equal(most, 2, 'it and its child');
    while (running() > 0) await setTimeout(50);
  });

  const ask = (name: keyof NativeCalls, ...parameters: readonly unknown[]) =>
    remote.ask(['native', name], parameters);

  test('what Host has no word for is told as Windows knows it', () => {
    const roots = ask('volumes') as readonly NativeVolume[];
    const kinds = new Map(roots.map(one => [one.root, one.driveType]));
    assert.deepEqual([kinds.get('C:\\'), kinds.get('E:\\')], [3, 3]);
    assert.equal((ask('volume', 'E:\\') as NativeVolume).windowsError, 0);
    assert.notEqual((ask('volume', 'Q:\\') as NativeVolume).windowsError, 0);
    assert.throws(() => ask('volumePartition', '\\\\.\\Q:'), /volumePartition failed with Windows error/);

    const control = ask('registryKeys', 'SYSTEM\\CurrentControlSet\\Control') as readonly string[];
    assert.ok(control.includes('MiniNT'));
    assert.equal(ask('registryKeys', 'SYSTEM\\Nowhere'), undefined);
    const version = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
    const root = ask('registryValue', version, 'SystemRoot') as { type: number; bytes: Uint8Array };
    assert.deepEqual([root.type, Buffer.from(root.bytes).toString('utf16le')], [1, 'C:\\windows\0']);
    assert.equal(ask('registryValue', version, 'Nowhere'), undefined);

    assert.equal(String(ask('systemDirectory')).toLowerCase(), 'c:\\windows\\system32');
    assert.equal(ask('programPath'), exe);
    assert.match(String(ask('computerName')), /^[\w-]+$/);
    assert.ok(Math.abs(Number(ask('wallMs')) - Date.now()) < 60_000);
    assert.ok(Number(ask('cpuMs')) > 0);
    const peak = Number(ask('memoryPeak'));
    assert.ok(peak > 1_000_000 && peak <= 16_000_000, `${peak} bytes`);
    const { line, batteryFlag, batteryPercent } = ask('powerStatus') as ReturnType<
      NativeCalls['powerStatus']
    >;
    for (const value of [line, batteryFlag, batteryPercent]) assert.ok(value >= 0 && value <= 255);
    const table = ask('firmwareTable');
    assert.ok(table === undefined || (table instanceof Uint8Array && table.length > 8));
    assert.equal(ask('consoleText', utf8Of('chkdsk')), 'chkdsk');
    assert.equal(ask('consoleOpen'), undefined, 'a pipe is no console');
    assert.throws(() => ask('consoleDraw', 80, 25, 'too little', new Uint8Array(80)), /a screen needs text/);
    ask('writeError', '');
    ask('limitTotalTime', 0);
    fs.writeFileSync(path.join(e, 'streams'), 'x');
    assert.ok(Array.isArray(ask('fileStreams', '\\\\?\\E:\\streams')));
  });

  test('nothing of the C host was left out here', () => {
    const called = new Set(remote.ask(['native', 'calledNames'], []) as readonly string[]);
    // The process that answers cannot answer after it; the tests of the parent process call it.
    const others = namesOfNativeCalls().filter(name => !called.has(name) && name !== 'exitProcess');
    assert.deepEqual(others, []);
  });
}

/** As `native-calls.ts` types them; `executable.test.ts` holds that to the C sources. */
function namesOfNativeCalls(): readonly string[] {
  const types = fs.readFileSync(path.join(top, 'agent/host/native-calls.ts'), 'utf8');
  return [...types.matchAll(/^ {2}(\w+)\(/gm)].map(match => match[1]!);
}
