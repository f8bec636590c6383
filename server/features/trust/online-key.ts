import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { base64Of } from '../../../shared/bytes/base64.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { canonicalJson } from '../../../shared/trust/canonical-json.ts';
import {
  type OfflineBundleDocument,
  type OrderDocument,
  payloadTypes,
  type UndoOrderDocument,
} from '../../../shared/trust/documents.ts';
import { type Envelope, preAuthenticationEncoding } from '../../../shared/trust/envelope.ts';

const signAsync = promisify(sign);
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410, before 32 bytes of seed

/** The key that issues orders: "who runs it now", worthless without what approvers signed. */
export interface OnlineKey {
  readonly keyId: string;
  /** 64 hex digits. */
  readonly publicKey: string;
  /** Seals an order; the signature is made off the main thread. */
  sealOrder(order: OrderDocument): Promise<Envelope>;
  /** Seals an order to take an attempt back. */
  sealUndoOrder(order: UndoOrderDocument): Promise<Envelope>;
  /** Seals what machines without a network may decide by themselves. */
  sealOfflineBundle(bundle: OfflineBundleDocument): Promise<Envelope>;
}

/** The online key of a 32-byte secret. */
export function onlineKeyOf(secret: Uint8Array): OnlineKey {
  const der = Buffer.concat([pkcs8Prefix, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('hex');
  const keyId = `online-${createHash('sha256').update(publicKey).digest('hex').slice(0, 12)}`;
  return {
    keyId,
    publicKey,
    sealOrder: order => seal(payloadTypes.order, utf8Of(canonicalJson(order))),
    sealUndoOrder: order => seal(payloadTypes.undoOrder, utf8Of(canonicalJson(order))),
    sealOfflineBundle: bundle => seal(payloadTypes.offlineBundle, utf8Of(canonicalJson(bundle))),
  };

  async function seal(payloadType: string, payload: Uint8Array): Promise<Envelope> {
    const signature = await signAsync(null, preAuthenticationEncoding(payloadType, payload), key);
    return {
      payloadType,
      payload: base64Of(payload),
      signatures: [{ keyid: keyId, sig: base64Of(signature) }],
    };
  }
}
