import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Of } from '../bytes/utf8.ts';
import type { Agreement } from './curves.ts';

/**
 * HPKE (RFC 9180) in base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. Whoever holds
 * the secret key of a box opens it; nobody else does, and not whoever sealed it.
 */
export interface SealedBox {
  /** The sender's public key, made for this one box: 32 bytes. */
  readonly encapsulatedKey: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** What a box is for and belongs to: it opens under exactly the same two texts and no others. */
export interface BoxContext {
  readonly purpose: string;
  readonly about: string;
}

/** Seals a text for the holder of a box key. `ephemeral` is 32 random bytes, used for this one box and nothing else. */
export function sealBox(
  plain: Uint8Array,
  boxKey: Uint8Array,
  context: BoxContext,
  ephemeral: Uint8Array,
  { boxKeyOf, agree }: Agreement,
): SealedBox | undefined {
  const encapsulatedKey = boxKeyOf(ephemeral);
  const shared = agree(ephemeral, boxKey);
  if (!shared) return undefined;
  const { key, nonce } = scheduleOf(shared, encapsulatedKey, boxKey, context);
  return {
    encapsulatedKey,
    ciphertext: chacha20poly1305(key, nonce, utf8Of(context.about)).encrypt(plain),
  };
}

/** Opens a box; undefined when it was sealed for another key or another context, or was changed. */
export function openBox(
  { encapsulatedKey, ciphertext }: SealedBox,
  secretKey: Uint8Array,
  context: BoxContext,
  { boxKeyOf, agree }: Agreement,
): Uint8Array | undefined {
  const shared = agree(secretKey, encapsulatedKey);
  if (!shared) return undefined;
  const { key, nonce } = scheduleOf(shared, encapsulatedKey, boxKeyOf(secretKey), context);
  try {
    return chacha20poly1305(key, nonce, utf8Of(context.about)).decrypt(ciphertext);
  } catch {
    return undefined;
  }
}

const kemSuite = Uint8Array.of(...utf8Of('KEM'), 0, 0x20);
const suite = Uint8Array.of(...utf8Of('HPKE'), 0, 0x20, 0, 1, 0, 3);
const none = new Uint8Array(0);

function scheduleOf(
  shared: Uint8Array,
  encapsulatedKey: Uint8Array,
  boxKey: Uint8Array,
  { purpose }: BoxContext,
) {
  const extracted = labeledExtract(kemSuite, none, 'eae_prk', shared);
  const secretOfBoth = labeledExpand(kemSuite, extracted, 'shared_secret', join(encapsulatedKey, boxKey), 32);
  const context = join(
    Uint8Array.of(0),
    labeledExtract(suite, none, 'psk_id_hash', none),
    labeledExtract(suite, none, 'info_hash', utf8Of(purpose)),
  );
  const secret = labeledExtract(suite, secretOfBoth, 'secret', none);
  return {
    key: labeledExpand(suite, secret, 'key', context, 32),
    nonce: labeledExpand(suite, secret, 'base_nonce', context, 12),
  };
}

const version = 'HPKE-v1';

const labeledExtract = (about: Uint8Array, salt: Uint8Array, label: string, input: Uint8Array) =>
  extract(sha256, join(utf8Of(version), about, utf8Of(label), input), salt);

const labeledExpand = (
  about: Uint8Array,
  secret: Uint8Array,
  label: string,
  info: Uint8Array,
  lengthBytes: number,
) =>
  expand(
    sha256,
    secret,
    join(Uint8Array.of(lengthBytes >> 8, lengthBytes & 255), utf8Of(version), about, utf8Of(label), info),
    lengthBytes,
  );

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
