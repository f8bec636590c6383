import { type OrderDocument, orderDocument, payloadTypes, type TrustDocument } from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** What the device knows when an order arrives. */
export interface OrderContext {
  readonly trust: TrustDocument;
  readonly deviceId: string;
  readonly episode: string;
  /** The nonce of the check-in that is being answered. */
  readonly nonce: string;
  readonly scriptSha256: string;
  /** Time since that nonce was sent, on the device's monotonic clock. */
  readonly elapsedMs: number;
}

/** Decides whether an order is the server's answer to this very check-in of this device, and still fresh. */
export function openOrder(sealed: Envelope, context: OrderContext, verify: Verify): Opened<OrderDocument> {
  const { trust } = context;
  const opened = openDocument(
    sealed,
    { payloadType: payloadTypes.order, schema: orderDocument, signers: [trust.onlineKey], threshold: 1 },
    verify,
  );
  if (!opened.ok) return opened;
  const order = opened.document;
  if (order.organization !== trust.organization)
    return refuse('wrong-organization', 'The order is from another organization.');
  if (order.deviceId !== context.deviceId) return refuse('wrong-device', 'The order is for another device.');
  if (order.episode !== context.episode)
    return refuse('wrong-episode', 'The order is for another failed start.');
  if (order.nonce !== context.nonce)
    return refuse('nonce-not-ours', 'The order does not answer the check-in that was just sent.');
  if (order.scriptSha256 !== context.scriptSha256)
    return refuse('script-changed', 'The script is not the one the order names.');
  if (context.elapsedMs > order.validForSeconds * 1000)
    return refuse('order-too-old', `The order was good for ${order.validForSeconds} seconds.`);
  return { ok: true, document: order };
}
