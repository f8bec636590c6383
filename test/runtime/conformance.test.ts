import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { testHost } from '../agent/host/conformance.ts';
import { startEchoServer } from '../agent/host/echo-server.ts';
import { startConnectProxies } from '../agent/host/connect-proxy.ts';
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
}
