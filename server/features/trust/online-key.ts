import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { base64Of } from '../../../shared/bytes/base64.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { canonicalJson } from '../../../shared/trust/canonical-json.ts';
import { type OrderDocument, payloadTypes } from '../../../shared/trust/documents.ts';
import { type Envelope, preAuthenticationEncoding } from '../../../shared/trust/envelope.ts';

const signAsync = promisify(sign);

/** The key that issues orders: "who runs it now", worthless without what approvers signed. */
export interface OnlineKey {
  readonly keyId: string;
  /** 64 hex digits. */
  readonly publicKey: string;
  /** Seals an order; the signature is made off the main thread. */
  sealOrder(order: OrderDocument): Promise<Envelope>;
}

/** Opens the online key, made at first start in a file that only this user can read. */
export async function openOnlineKey(file: string): Promise<OnlineKey> {
  const pem = (await readKey(file)) ?? (await makeKey(file));
  return onlineKeyOf(createPrivateKey(pem));
}

function onlineKeyOf(key: KeyObject): OnlineKey {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const publicKey = spki.subarray(-32).toString('hex');
  const keyId = `online-${createHash('sha256').update(publicKey).digest('hex').slice(0, 12)}`;
  return {
    keyId,
    publicKey,
    async sealOrder(order) {
      const payload = utf8Of(canonicalJson(order));
      const signature = await signAsync(null, preAuthenticationEncoding(payloadTypes.order, payload), key);
      return {
        payloadType: payloadTypes.order,
        payload: base64Of(payload),
        signatures: [{ keyid: keyId, sig: base64Of(signature) }],
      };
    },
  };
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Two servers that start at once agree on one key: the first link wins, and a torn file is never seen. */
async function makeKey(file: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(pem);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return await readFile(file, 'utf8');
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
