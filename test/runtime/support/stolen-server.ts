import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TlsIdentity } from '../../../server/http/tls-identity.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import type { Answer, Decision } from '../../../shared/wire/answer.ts';

export type Order = Extract<Decision, { readonly kind: 'remediate' }>;
/** What whoever stole the server makes of a true order. */
export type Forgery = (order: Order) => Order;

function withPayload(envelope: Envelope, change: (document: Record<string, unknown>) => object): Envelope {
  const document = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Record<string, unknown>;
  return { ...envelope, payload: Buffer.from(JSON.stringify(change(document))).toString('base64') };
}

function withSignature(envelope: Envelope, change: (signature: Buffer) => Buffer): Envelope {
  const signatures = envelope.signatures.map(one => ({
    ...one,
    sig: change(Buffer.from(one.sig, 'base64')).toString('base64'),
  }));
  return { ...envelope, signatures };
}

const flipLast = (bytes: Buffer) => Buffer.from([...bytes.subarray(0, -1), bytes.at(-1)! ^ 1]);

/** One of each: the order, its signature, the script, and the approval of it. */
export const forgeries: Readonly<Record<string, Forgery>> = {
  'an order of its own making': order => ({
    ...order,
    order: withPayload(order.order, document => ({ ...document, validForSeconds: 86_400 })),
  }),
  'an order whose signature is one bit off': order => ({
    ...order,
    order: withSignature(order.order, flipLast),
  }),
  'another script': order => ({ ...order, script: order.script.replaceAll('C-00000291', 'C-00000*') }),
  'an approval of its own making': order => ({
    ...order,
    approval: withPayload(order.approval, document => ({ ...document, scriptSha256: 'f'.repeat(64) })),
  }),
};

/**
 * Whoever holds the server's TLS key: passes everything on to the true server, except that orders are forged on their
 * way back. Gives its address.
 */
export async function listenStolen(
  { certificate, privateKey }: TlsIdentity,
  trueServer: string,
  forge: Forgery,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = https.createServer({ key: privateKey, cert: certificate }, (request, response) => {
    const { method, url, headers } = request;
    const options = { method, headers, rejectUnauthorized: false };
    const upstream = https.request(new URL(url ?? '', trueServer), options, answer => {
      void passOn(answer, response, forge);
    });
    upstream.once('error', () => request.socket.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `https://127.0.0.1:${port}`, close };
}

async function passOn(answer: IncomingMessage, response: ServerResponse, forge: Forgery): Promise<void> {
  const body = await text(answer);
  const { 'content-length': _, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 500, headers).end(forgeIn(body, forge));
}

function forgeIn(body: string, forge: Forgery): string {
  const answer = JSON.parse(body) as Partial<Answer>;
  if (answer.decision?.kind !== 'remediate') return body;
  return JSON.stringify({ ...answer, decision: forge(answer.decision) });
}
