import { hexOf } from '../../shared/bytes/hex.ts';
import { publicKeyOfCertificate } from './certificate-key.ts';
import type { HostFailure, HostNetwork, HttpRequest, HttpResult } from './host.ts';
import { isLibraryMissing } from './library-missing.ts';
import { type NativeCalls, windowsErrorOf } from './native-calls.ts';

const maxAnswerBytes = 1024 * 1024;

/** Errors of WinHTTP before any byte of the body left, and what they mean; names of winhttp.h. */
const connectCodes: ReadonlyMap<number, string> = new Map([
  [12002, 'connect-timeout'],
  [12007, 'name-not-resolved'],
  [12029, 'connection-refused'],
  [12030, 'connection-refused'],
  [12152, 'connection-refused'],
  [12157, 'connection-refused'],
  [12175, 'connection-refused'],
]);

/**
 * Errors that mean the proxy itself is not there: its name, its address or its answer. Any other before TLS stands is
 * its refusal, since WinHTTP has no certificate to show then.
 */
const proxyAway: ReadonlySet<number> = new Set([12002, 12007, 12029]);

/** TLS by WinHTTP. No authority, date or name is asked: the server's key is one of the pins, or the body stays here. */
export function createWinreNetwork(native: NativeCalls): HostNetwork {
  return {
    hasAddress: () => native.networkAddresses().some(isUsable),
    request: request => Promise.resolve(exchange(native, request)),
  };
}

/** An address that reaches others: not one that the machine gave itself while nobody answered (169.254, fe80). */
const isUsable = (address: Uint8Array) =>
  address.length === 4
    ? !(address[0] === 169 && address[1] === 254)
    : !(address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80);

function exchange(native: NativeCalls, request: HttpRequest): HttpResult {
  const address = parseServer(request.server);
  const failed = (failure: HostFailure): HttpResult => ({ ok: false, failure });
  if (!address) {
    const message = `${request.server} is no https address`;
    return failed({ kind: 'permanent', code: 'address-invalid', message });
  }
  let bodyLeft = false;
  try {
    const key = publicKeyOfCertificate(begin(native, request, address));
    const pin = key && hexOf(native.sha256(key));
    if (pin === undefined || !request.pins.includes(pin)) {
      const message = `${address.host} presents a key that is not pinned`;
      return failed({ kind: 'permanent', code: 'pin-mismatch', message });
    }
    bodyLeft = true;
    native.httpSend(request.body);
    return readAnswer(native);
  } catch (error) {
    if (isLibraryMissing(error)) return failed(error.failure);
    const code = windowsErrorOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    const { server, proxy } = request;
    const message = `${server}${proxy === undefined ? '' : ` through the proxy ${proxy}`}: ${error.message}`;
    if (code === cancelled) {
      const kind = bodyLeft ? 'ambiguous' : 'transient';
      return failed({ kind, code: 'key-pressed', message: 'A key was pressed.' });
    }
    if (bodyLeft) return failed({ kind: 'ambiguous', code: 'connection-lost', message });
    const direct = connectCodes.get(code) ?? 'connection-refused';
    const proxied = proxyAway.has(code) ? 'proxy-unreachable' : 'proxy-refused';
    return failed({
      kind: 'transient',
      code: proxy === undefined ? direct : proxied,
      message,
    });
  } finally {
    native.httpEnd();
  }
}

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** `https://host:port` with a name, an IPv4 or a bracketed IPv6 address. */
function parseServer(server: string): ServerAddress | undefined {
  const match = /^https:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?\/?$/i.exec(server);
  const port = Number(match?.[2] ?? 443);
  return match?.[1] !== undefined && port > 0 && port < 65_536 ? { host: match[1], port } : undefined;
}

/**
 * Sends the headers and gives the server's certificate. A kept connection may be dead already; that no byte of the
 * body has left makes one repeat on a new connection harmless.
 */
function begin(native: NativeCalls, request: HttpRequest, { host, port }: ServerAddress): Uint8Array {
  const { method, path, body, timeoutMs, proxy = '', endsAtKey = false } = request;
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const send = () =>
    native.httpBegin(host, port, method, path, headers.join(''), body.length, timeoutMs, proxy, endsAtKey);
  try {
    return send();
  } catch (error) {
    if (!brokenConnection.has(windowsErrorOf(error) ?? 0)) throw error;
    return send();
  }
}

/** ERROR_CANCELLED. */
const cancelled = 1223;
/** ERROR_WINHTTP_CONNECTION_ERROR and ERROR_WINHTTP_RESEND_REQUEST. */
const brokenConnection: ReadonlySet<number> = new Set([12030, 12032]);

function readAnswer(native: NativeCalls): HttpResult {
  const [statusLine = '', ...lines] = native.httpAnswer().split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  const pieces: Uint8Array[] = [];
  let lengthBytes = 0;
  for (let piece = native.httpRead(); piece.length > 0; piece = native.httpRead()) {
    lengthBytes += piece.length;
    if (lengthBytes > maxAnswerBytes) {
      const message = `the answer is longer than ${maxAnswerBytes} bytes`;
      return { ok: false, failure: { kind: 'permanent', code: 'answer-too-large', message } };
    }
    pieces.push(piece);
  }
  const body = new Uint8Array(lengthBytes);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return { ok: true, status: Number(/^HTTP\/\S+ (\d{3})/.exec(statusLine)?.[1] ?? 0), headers, body };
}
