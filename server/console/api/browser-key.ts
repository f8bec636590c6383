import { base64Of } from '../../../shared/bytes/base64.ts';
import { hexOf } from '../../../shared/bytes/hex.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { canonicalJson } from '../../../shared/trust/canonical-json.ts';
import { type ApprovalDocument, type ApproverKey, payloadTypes } from '../../../shared/trust/documents.ts';
import {
  addSignature,
  type Envelope,
  payloadOf,
  preAuthenticationEncoding,
} from '../../../shared/trust/envelope.ts';

/** An approver's key of this browser. The secret half cannot leave it. */
export interface BrowserKey {
  readonly key: ApproverKey;
  readonly secret: CryptoKey;
}

const [databaseName, storeName] = ['bootmend', 'approver-keys'];

/** The key that was made in this browser by somebody of this name, or undefined. */
export async function findBrowserKey(owner: string): Promise<BrowserKey | undefined> {
  return await inStore('readonly', store => store.get(owner) as IDBRequest<BrowserKey | undefined>);
}

/** Makes a key whose secret half the browser keeps and never gives out. */
export async function makeBrowserKey(owner: string): Promise<BrowserKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']); // prettier-ignore
  const raw = hexOf(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
  const key: ApproverKey = { keyId: `browser-${raw.slice(0, 16)}`, publicKey: raw, kind: 'browser', owner };
  const made = { key, secret: privateKey };
  await inStore('readwrite', store => store.put(made, owner));
  return made;
}

/** The hash of a text's bytes, 64 hex digits: the page looks itself at what it signs. */
export const sha256Of = async (text: string): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(utf8Of(text)))));

/** Signs a new approval, or adds a signature to one that others began. */
export async function signApproval(
  { key, secret }: BrowserKey,
  what: { readonly approval: ApprovalDocument } | { readonly begun: Envelope },
): Promise<Envelope> {
  const payloadType = payloadTypes.approval;
  const payload =
    'approval' in what ? utf8Of(canonicalJson(what.approval)) : payloadOf(what.begun, payloadType);
  if (!payload) throw new Error('The approval that was begun cannot be read.');
  const message = Uint8Array.from(preAuthenticationEncoding(payloadType, payload));
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, secret, message));
  const unsigned = 'begun' in what ? what.begun : { payloadType, payload: base64Of(payload), signatures: [] };
  return addSignature(unsigned, key.keyId, signature);
}

async function inStore<Value>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const database = await settled(openDatabase());
  try {
    return await settled(ask(database.transaction(storeName, mode).objectStore(storeName)));
  } finally {
    database.close();
  }
}

function openDatabase(): IDBOpenDBRequest {
  const opening = indexedDB.open(databaseName, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(storeName));
  return opening;
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  request.addEventListener('success', () => resolve(request.result));
  request.addEventListener('error', () => reject(request.error ?? new Error('The browser keeps no keys.')));
  return promise;
}
