import { payloadTypes, type TrustDocument, type UndoOrderDocument, undoOrderDocument } from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** What the device knows when an order to take an attempt back arrives. */
export interface UndoOrderContext {
  readonly trust: TrustDocument;
  readonly deviceId: string;
  /** The nonce of the message that is being answered. */
  readonly nonce: string;
}

/** Decides whether an undo order is the server's answer to this very message of this device. */
export function openUndoOrder(
  sealed: Envelope,
  { trust, deviceId, nonce }: UndoOrderContext,
  verify: Verify,
): Opened<UndoOrderDocument> {
  const opened = openDocument(
    sealed,
    {
      payloadType: payloadTypes.undoOrder,
      schema: undoOrderDocument,
      signers: [trust.onlineKey],
      threshold: 1,
    },
    verify,
  );
  if (!opened.ok) return opened;
  const order = opened.document;
  if (order.organization !== trust.organization)
    return refuse('wrong-organization', 'The order is from another organization.');
  if (order.deviceId !== deviceId) return refuse('wrong-device', 'The order is for another device.');
  if (order.nonce !== nonce)
    return refuse('nonce-not-ours', 'The order does not answer the message that was just sent.');
  return opened;
}
