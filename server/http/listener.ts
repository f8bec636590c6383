import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsIdentity } from './tls-identity.ts';

/** One address that is listened on. */
export interface HttpListener {
  readonly url: string;
  readonly port: number;
  /** Takes no new connections, lets running requests end until the time is up, then cuts them off. */
  stop(limitMs: number): Promise<void>;
}

export interface ListenerOptions {
  readonly app: http.RequestListener;
  readonly address: string;
  readonly port: number;
  readonly tls?: Pick<TlsIdentity, 'certificate' | 'privateKey'>;
  readonly maxConnections: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
}

const headersTimeoutMs = 15_000;
const keepAliveTimeoutMs = 65_000;
const backlog = 1024;

/** Opens a listener, with every limit set: a slow or silent client costs one connection for a bounded time. */
export async function openListener(options: ListenerOptions): Promise<HttpListener> {
  const server = makeServer(options);
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(explain(error, options)));
    server.listen({ host: options.address, port: options.port, backlog }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = urlHostOf(options.address);
  return {
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
    port,
    stop: limitMs => stopServer(server, limitMs),
  };
}

function makeServer({ app, tls, requestTimeoutMs }: ListenerOptions): http.Server | https.Server {
  const limits = {
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: 16 * 1024,
    connectionsCheckingInterval: 5000,
    noDelay: true,
  };
  if (!tls) return http.createServer(limits, app);
  const { certificate: cert, privateKey: key } = tls;
  return https.createServer({ ...limits, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: 15_000 }, app);
}

/** The address a person on this machine would type. */
function urlHostOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}

function explain(error: NodeJS.ErrnoException, { address, port }: ListenerOptions): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${address} is in use; stop what uses it or choose another port.`, {
      cause: error,
    });
  if (error.code === 'EACCES')
    return new Error(`This user may not listen on port ${port}; choose one from 1024 on.`, { cause: error });
  return error;
}

async function stopServer(server: http.Server | https.Server, limitMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve());
  });
  // A connection whose last request ends while we stop is kept alive by its client, not by us.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
