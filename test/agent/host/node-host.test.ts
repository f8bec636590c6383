import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createNodeHost } from '../../../agent/host/node-host.ts';
import { testHost } from './conformance.ts';
import { startEchoServer } from './echo-server.ts';
import { startConnectProxies } from './connect-proxy.ts';

testHost('node host', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-host-'));
  const drives = { C: path.join(folder, 'C'), D: path.join(folder, 'D') };
  fs.mkdirSync(path.join(drives.C, 'Work'), { recursive: true });
  fs.mkdirSync(drives.D);
  const realOf = (name: string) => path.join(drives.C, ...name.split('\\').slice(1));

  const server = await startEchoServer();
  const { close: closeProxies, ...proxies } = await startConnectProxies();

  const unexpected = () => {
    throw new Error('the suite does not ask the machine');
  };
  const host = createNodeHost({
    drives,
    screen: { show: unexpected },
    log: { write: unexpected },
    machine: {
      readEnvironment: unexpected,
      readIdentity: unexpected,
      readStartReason: unexpected,
      readPower: unexpected,
      listVolumes: unexpected,
      readBootEntryVolume: unexpected,
      readImagePlace: unexpected,
      reboot: unexpected,
      handOver: unexpected,
    },
  });
  return {
    host,
    directory: 'C:\\Work',
    otherVolume: 'D:\\x',
    placeLink: (name, target) => fs.symlinkSync(realOf(target), realOf(name)),
    setWrittenAt: (name, ms) => fs.utimesSync(realOf(name), ms / 1000, ms / 1000),
    ...server,
    deadServer: 'https://127.0.0.1:1',
    proxies,
    close: async () => {
      host.close();
      closeProxies();
      await server.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
});
