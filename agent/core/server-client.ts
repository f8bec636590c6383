import { textOfUtf8 } from '../../shared/bytes/utf8.ts';
import type { Sign } from '../../shared/trust/envelope.ts';
import type { Parsed } from '../../shared/wire/primitives.ts';
import { parseRefusal } from '../../shared/wire/refusal.ts';
import { contentDigestOf, signatureBaseOf, signatureHeadersOf } from '../../shared/wire/request-signature.ts';
import type { Host, HttpRequest } from '../host/host.ts';

/** Whom the agent talks to and as whom. */
export interface ServerSettings {
  /** Tried in order. */
  readonly servers: readonly string[];
  readonly pins: readonly string[];
  /** Tried first for each server; what it does not bring through goes directly. */
  readonly proxy?: string | undefined;
  readonly keyId: string;
  readonly sign: Sign;
}

/** Body and place of a message. Where it `endsAtKey`, a person need not wait for a server that keeps silent. */
export interface OutgoingMessage {
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly endsAtKey?: boolean;
}

/**
 * How a message fared. `unreachable` may be tried again with the same bytes: every message is idempotent by episode
 * and sequence, so a repeat is how an ambiguous failure is verified. `refused` is final for these bytes.
 */
export type Posted<Message> =
  | { readonly kind: 'answered'; readonly message: Message }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string };

/** A person wants the menu and nothing else; the next wait of the clock hears of it, too. */
export const isKeyPressed = (posted: Posted<unknown>): boolean =>
  posted.kind === 'unreachable' && posted.code === 'key-pressed';

const requestTimeoutMs = 30_000;
const defaultRetryAfterSeconds = 60;
const maxRetryAfterSeconds = 3600;
/** An ambiguous failure is repeated once on the same server before the next one is asked. */
const triesPerServer = 2;

/**
 * Sends one signed message to the first server that answers, and parses what comes back. Each server is asked through the
 * proxy, where one is set, and then directly: a laptop is not always where its proxy is, and the pin holds on any way.
 */
export async function postMessage<Message>(
  host: Host,
  settings: ServerSettings,
  message: OutgoingMessage,
  parse: (input: unknown) => Parsed<Message>,
): Promise<Posted<Message>> {
  const { path, contentType, body, endsAtKey } = message;
  const parts = {
    method: 'POST',
    path,
    contentDigest: contentDigestOf(host.sha256(body)),
    keyId: settings.keyId,
  };
  const signature = settings.sign(signatureBaseOf(parts));
  const headers = { 'content-type': contentType, ...signatureHeadersOf(parts, signature) };

  let last: Posted<Message> = {
    kind: 'unreachable',
    code: 'no-server',
    message: 'no server address is known',
  };
  let proxy = settings.proxy;
  let proxyFailure: Unreachable | undefined;
  const request = { method: 'POST', path, headers, body, pins: settings.pins, endsAtKey } as const;
  for (const server of settings.servers) {
    for (const way of proxy === undefined ? [undefined] : [proxy, undefined]) {
      const posted = await postOne(
        host,
        { ...request, server, proxy: way, timeoutMs: requestTimeoutMs },
        parse,
      );
      if (posted.kind !== 'unreachable' || isKeyPressed(posted)) return posted;
      last = posted;
      if (way === undefined || !posted.code.startsWith('proxy-')) continue;
      proxyFailure = posted;
      // It is the same for every server.
      if (posted.code === 'proxy-unreachable') proxy = undefined;
    }
  }
  // Where a proxy is needed, what the direct way says hides the reason.
  return proxyFailure && last.kind === 'unreachable'
    ? { ...proxyFailure, message: `${proxyFailure.message}; directly, ${last.message}` }
    : last;
}

type Unreachable = Extract<Posted<never>, { readonly kind: 'unreachable' }>;

/** One message to one server by one way. */
async function postOne<Message>(
  host: Host,
  request: HttpRequest,
  parse: (input: unknown) => Parsed<Message>,
): Promise<Posted<Message>> {
  for (let tries = 1; ; tries++) {
    const result = await host.network.request(request);
    if (result.ok) return judge(result.status, result.headers, result.body, parse);
    const { kind, code, message } = result.failure;
    const failed = { kind: 'unreachable', code, message } as const;
    if (kind !== 'ambiguous' || tries >= triesPerServer || isKeyPressed(failed)) return failed;
  }
}

function judge<Message>(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  parse: (input: unknown) => Parsed<Message>,
): Posted<Message> {
  if (status === 503 || status === 429)
    return { kind: 'busy', retryAfterSeconds: retryAfterOf(headers['retry-after']) };
  const json = parseJson(body);
  if (status >= 200 && status < 300) {
    const parsed = parse(json);
    return parsed.ok
      ? { kind: 'answered', message: parsed.value }
      : { kind: 'unreachable', code: parsed.problem.code, message: parsed.problem.message };
  }
  // A part of evidence that is out of place is refused and answered in one: where the server stands.
  const inOne = status === 409 ? parse(json) : undefined;
  if (inOne?.ok) return { kind: 'answered', message: inOne.value };
  const refusal = parseRefusal(json);
  if (status >= 400 && status < 500 && refusal.ok)
    return { kind: 'refused', code: refusal.value.error.code, message: refusal.value.error.message };
  return { kind: 'unreachable', code: 'server-error', message: `the server answered with status ${status}` };
}

function retryAfterOf(header: string | undefined): number {
  const seconds =
    header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : defaultRetryAfterSeconds;
  return Math.min(Math.max(seconds, 1), maxRetryAfterSeconds);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOfUtf8(body).text);
  } catch {
    return undefined;
  }
}
