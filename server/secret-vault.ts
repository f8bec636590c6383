import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const saltBytes = 32;
const tagBytes = 16;
const nonce = Buffer.alloc(12);

/**
 * Seals small secrets for the database with a key that lies outside of it: AES-256-GCM, each secret under a key of its
 * own drawn from the master key and a random salt. What a secret belongs to is authenticated with it, so that a row
 * cannot be put in the place of another.
 */
export class SecretVault {
  readonly #masterKey: Uint8Array;

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
  }

  seal(belongsTo: string, secret: Uint8Array): Buffer {
    const salt = randomBytes(saltBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(salt), nonce);
    cipher.setAAD(Buffer.from(belongsTo));
    return Buffer.concat([salt, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** The secret; undefined when it was not sealed here for this, or was changed. */
  open(belongsTo: string, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < saltBytes + tagBytes) return undefined;
    const key = this.#keyOf(sealed.subarray(0, saltBytes));
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(belongsTo));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(saltBytes, -tagBytes)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #keyOf(salt: Uint8Array): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#masterKey, salt, 'bootmend secret', 32));
  }
}
