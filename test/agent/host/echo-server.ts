import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ensureTlsIdentity } from '../../../server/http/tls-identity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The server that the conformance suite asks for, on loopback. */
export interface EchoServer {
  readonly server: string;
  /** The same by its literal IPv6 address; undefined on a machine without that. */
  readonly server6: string | undefined;
  readonly pin: string;
  /** Bodies that reached it. */
  readonly received: readonly string[];
  readonly close: () => Promise<void>;
}

/** Answers `/echo`, `/large`, `/busy` and `/drop` as the conformance suite describes them. */
export async function startEchoServer(): Promise<EchoServer> {
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
  const hasIpv6 = Object.values(networkInterfaces()).some(some => some?.some(one => one.address === '::1'));
  await new Promise<void>(resolve => server.listen(0, hasIpv6 ? '::' : '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server: `https://127.0.0.1:${port}`,
    server6: hasIpv6 ? `https://[::1]:${port}` : undefined,
    pin,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
