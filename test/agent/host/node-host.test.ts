import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ensureTlsIdentity } from '../../../server/http/tls-identity.ts';
import { createNodeHost } from '../../../agent/host/node-host.ts';
import { testHost } from './conformance.ts';

testHost('node host', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-host-'));
  const drives = { C: path.join(folder, 'C'), D: path.join(folder, 'D') };
  fs.mkdirSync(path.join(drives.C, 'Work'), { recursive: true });
  fs.mkdirSync(drives.D);
  const realOf = (name: string) => path.join(drives.C, ...name.split('\\').slice(1));

  const received: string[] = [];
  const { privateKey: key, certificate, pin } = ensureTlsIdentity(temporaryFolder());
  const server = https.createServer({ key, cert: certificate }, (request, response) => {
    let body = '';
    request.on('data', piece => (body += String(piece)));
    request.on('end', () => {
      received.push(body);
      if (request.url === '/drop') return void request.socket.destroy();
      if (request.url === '/busy') return void response.writeHead(503, { 'retry-after': '7' }).end();
      return void response.end(request.url === '/large' ? Buffer.alloc(2 << 20) : body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

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
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pin: pin,
    deadServer: 'https://127.0.0.1:1',
    received,
    close: async () => {
      host.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      fs.rmSync(folder, { recursive: true });
    },
  };
});
