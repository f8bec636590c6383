import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { testHost } from '../agent/host/conformance.ts';
import { startEchoServer } from '../agent/host/echo-server.ts';
import { startConnectProxies } from '../agent/host/connect-proxy.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drivenAgent } from './support/built-agent.ts';
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
}
