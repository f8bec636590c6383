import { createHash } from 'node:crypto';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { HostFailure, HostNetwork, HttpRequest, HttpResult } from './host.ts';

const maxAnswerBytes = 1024 * 1024;

/** SHA-256 of the public key that a server presented. */
function pinOf(socket: tls.TLSSocket): string | undefined {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  return key && createHash('sha256').update(key).digest('hex');
}

/** A failure of connecting: no byte of the request has left. */
class ConnectError extends Error {
  readonly failure: HostFailure;
  constructor(failure: HostFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** Asks a proxy for a way to a server (RFC 9110, 9.3.6): gives the connection behind an accepted CONNECT, or why there is none. */
function connectThrough(
  proxy: string,
  server: string,
  timeoutMs: number,
  done: (way: net.Socket | ConnectError) => void,
): void {
  const [, host = '', port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(proxy) ?? [];
  const fail = (code: 'proxy-unreachable' | 'proxy-refused', why: string, cause?: unknown) =>
    done(new ConnectError({ kind: 'transient', code, message: `proxy ${proxy}: ${why}` }, { cause }));
  const about = { host, port, method: 'CONNECT', path: server, headers: { host: server }, agent: false };
  const asking = http.request({ ...about, timeout: timeoutMs });
  asking.on('timeout', () => asking.destroy(new Error('no answer in time')));
  asking.on('error', error => fail('proxy-unreachable', error.message, error));
  asking.on('connect', ({ statusCode }, socket) => {
    if (statusCode === 200) return done(socket);
    socket.destroy();
    return fail('proxy-refused', `it answers with status ${statusCode}`);
  });
  asking.end();
}

/**
 * Connections whose server key is pinned. The agent hands a connection out only after the pin was compared, so the
 * body never reaches an impostor. No certificate authority, no date and no name is asked.
 */
class PinnedAgent extends https.Agent {
  readonly #pins: ReadonlySet<string>;
  readonly #connectTimeoutMs: number;
  readonly #proxy: string | undefined;

  constructor({ pins, timeoutMs, proxy }: HttpRequest) {
    super({ keepAlive: true, keepAliveMsecs: 10_000, maxCachedSessions: 0, maxSockets: 2 });
    this.#pins = new Set(pins);
    this.#connectTimeoutMs = timeoutMs;
    this.#proxy = proxy;
  }

  override createConnection(
    options: https.RequestOptions & { readonly host?: string | null; readonly port?: number | string | null },
    callback?: (error: Error | null, stream: net.Socket) => void,
  ): undefined {
    const [host, port] = [options.host ?? '', Number(options.port)];
    if (this.#proxy === undefined) return this.#secure(host, { host, port }, callback);
    const server = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
    connectThrough(this.#proxy, server, this.#connectTimeoutMs, way => {
      if (way instanceof net.Socket) this.#secure(host, { socket: way }, callback);
      else callback?.(way, new net.Socket());
    });
    return undefined;
  }

  /** TLS with the server, over a new connection or one that a proxy made. */
  #secure(
    host: string,
    over: tls.ConnectionOptions,
    callback: ((error: Error | null, stream: net.Socket) => void) | undefined,
  ): undefined {
    const servername = net.isIP(host) === 0 ? host : '';
    const socket = tls.connect({ ...over, servername, minVersion: 'TLSv1.2', rejectUnauthorized: false });
    const done = (error: ConnectError | undefined) => {
      socket.removeAllListeners('error').removeAllListeners('secureConnect');
      socket.setTimeout(0);
      if (error) socket.on('error', () => undefined).destroy();
      callback?.(error ?? null, socket);
    };
    const transient = (code: string, message: string, cause?: unknown) =>
      done(new ConnectError({ kind: 'transient', code, message }, { cause }));
    socket.setTimeout(this.#connectTimeoutMs, () =>
      transient('connect-timeout', `${host} did not answer in time`),
    );
    socket.once('error', error => transient('connection-refused', `${host}: ${error.message}`, error));
    socket.once('secureConnect', () => {
      const pin = pinOf(socket);
      if (pin !== undefined && this.#pins.has(pin)) return done(undefined);
      const message = `${host} presents a key that is not pinned`;
      return done(new ConnectError({ kind: 'permanent', code: 'pin-mismatch', message }));
    });
    return undefined;
  }
}

/** TLS over node:https with pinned keys; the network of this machine is up already. */
export function createNodeNetwork(): HostNetwork & { readonly close: () => void } {
  const agents = new Map<string, PinnedAgent>();
  const agentFor = (request: HttpRequest): PinnedAgent => {
    const key = [request.proxy, ...request.pins].join();
    const agent = agents.get(key) ?? new PinnedAgent(request);
    agents.set(key, agent);
    return agent;
  };
  return {
    hasAddress: () => true,
    request: request => send(request, agentFor(request)),
    close: () => agents.forEach(agent => agent.destroy()),
  };
}

function send(request: HttpRequest, agent: PinnedAgent): Promise<HttpResult> {
  const { promise, resolve } = Promise.withResolvers<HttpResult>();
  const fail = (failure: HostFailure) => resolve({ ok: false, failure });
  let url: URL;
  try {
    url = new URL(request.path, request.server);
  } catch {
    fail({ kind: 'permanent', code: 'address-invalid', message: `${request.server} is no https address` });
    return promise;
  }
  if (url.protocol !== 'https:') {
    fail({ kind: 'permanent', code: 'address-invalid', message: `${request.server} is no https address` });
    return promise;
  }
  const headers = { ...request.headers, 'content-length': String(request.body.length) };
  const outgoing = https.request(url, { method: request.method, headers, agent, timeout: request.timeoutMs });
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
  outgoing.on('error', error => {
    if (error instanceof ConnectError) return fail(error.failure);
    return fail({
      kind: 'ambiguous',
      code: 'connection-lost',
      message: `${request.server}: ${error.message}`,
    });
  });
  outgoing.on('response', response => {
    read(response).then(resolve, (error: Error) =>
      fail({ kind: 'ambiguous', code: 'connection-lost', message: `${request.server}: ${error.message}` }),
    );
  });
  outgoing.end(request.body);
  return promise;
}

async function read(response: IncomingMessage): Promise<HttpResult> {
  const pieces: Uint8Array[] = [];
  let lengthBytes = 0;
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    lengthBytes += piece.length;
    if (lengthBytes > maxAnswerBytes) {
      response.destroy();
      const message = `the answer is longer than ${maxAnswerBytes} bytes`;
      return { ok: false, failure: { kind: 'permanent', code: 'answer-too-large', message } };
    }
    pieces.push(piece);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
  const body = new Uint8Array(Buffer.concat(pieces));
  return { ok: true, status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body };
}
