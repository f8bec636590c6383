import { generateKeyPairSync, createHash } from 'node:crypto';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { Host, HttpResult } from '../../../agent/host/host.ts';
import { createNodeNetwork } from '../../../agent/host/node-network.ts';
import { selfSignedCertificate } from '../../../server/http/self-signed-certificate.ts';
import type { FakeServer } from './fake-server.ts';

const dayMs = 86_400_000;
/** A stall is noticed after this long; the agent itself waits 30 seconds. */
const requestTimeoutMs = 250;

/** A real TLS listener over a server in memory. `respond` may answer in its place. */
export async function listenTls(options: {
  readonly server?: FakeServer;
  readonly respond?: (request: { readonly path: string }) => HttpResult;
  readonly expiredForDays?: number;
}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const now = Date.now();
  const notAfter = new Date(
    now + (options.expiredForDays === undefined ? 1 : -options.expiredForDays) * dayMs,
  );
  const cert = selfSignedCertificate(privateKey, {
    commonName: 'rescue',
    dnsNames: ['rescue.contoso.example'],
    notBefore: new Date(now - 4000 * dayMs),
    notAfter,
  });
  let bodyBytes = 0;
  const listener = https.createServer(
    { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert },
    (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => {
        bodyBytes += piece.length;
        pieces.push(piece);
      });
      request.on('end', () => {
        const path = request.url ?? '';
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const result =
          options.respond?.({ path }) ??
          options.server!.respond({
            method: 'POST',
            server: '',
            path,
            headers,
            body: new Uint8Array(Buffer.concat(pieces)),
            pins: [],
            timeoutMs: 0,
          });
        if (result.ok) response.writeHead(result.status, result.headers).end(result.body);
        else request.socket.destroy();
      });
    },
  );
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const { port } = listener.address() as AddressInfo;
  const pin = createHash('sha256').update(spki).digest('hex');
  return { port, pin, address: `https://127.0.0.1:${port}`, bodyBytes: () => bodyBytes };
}

/** What a proxy does to a connection once so many bytes went through it, in both directions together. */
export type Mischief = 'cut' | 'stall' | 'trickle';

/**
 * A TCP proxy that lets bytes through until `afterBytes`, and then does its mischief to that one connection; connections
 * after it are left alone. `happened` hears of it. Without a mischief it only counts.
 */
export async function listenProxy(
  target: number,
  mischief?: { readonly kind: Mischief; readonly afterBytes: number; readonly happened?: () => void },
) {
  let throughBytes = 0;
  let isDone = mischief === undefined;
  const sockets = new Set<net.Socket>();
  const proxy = net.createServer(client => {
    const upstream = net.connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    let isStalled = false;
    let isSlow = false;
    const pass = (to: net.Socket) => (piece: Buffer) => {
      if (isStalled) return;
      throughBytes += piece.length;
      if (!isDone && throughBytes > mischief!.afterBytes) {
        isDone = true;
        mischief!.happened?.();
        const left = Math.max(0, piece.length - (throughBytes - mischief!.afterBytes));
        to.write(piece.subarray(0, left));
        if (mischief!.kind === 'cut') for (const one of [client, upstream]) one.destroy();
        isStalled = mischief!.kind !== 'trickle';
        isSlow = mischief!.kind === 'trickle';
        piece = piece.subarray(left);
      }
      if (isStalled) return;
      // One byte per write, each in a packet of its own.
      if (isSlow) for (const byte of piece) to.write(Buffer.of(byte));
      else to.write(piece);
    };
    client.on('data', pass(upstream));
    upstream.on('data', pass(client));
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { port: (proxy.address() as AddressInfo).port, throughBytes: () => throughBytes };
}

/** The same machine with a real network: requests to `address` go to a real port, with a short patience. */
export function overTls(
  host: Host,
  address: string,
  to: string,
  pin: string,
): Host & { readonly close: () => void } {
  const network = createNodeNetwork();
  return {
    ...host,
    network: {
      hasAddress: () => host.network.hasAddress(),
      request: request =>
        network.request({
          ...request,
          server: request.server === address ? to : request.server,
          pins: [pin],
          timeoutMs: requestTimeoutMs,
        }),
    },
    close: network.close,
  };
}
