import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/**
 * The file format of a sealed piece: a head of four letters and a random salt, then segments. Each segment holds 64 KiB
 * of plain bytes (the last one fewer, or none) under AES-256-GCM, followed by its tag. The key is drawn from the master
 * key and the salt, so no key ever seals two pieces; the nonce is the segment's number and whether it is the last one;
 * blob id and offset are authenticated with every segment. So a segment cannot be changed, moved to another place,
 * piece or blob, and a piece cannot be cut off unnoticed.
 */
export const segmentBytes = 64 * 1024;
const tagBytes = 16;
export const sealedSegmentBytes = segmentBytes + tagBytes;
const letters = Buffer.from('BMP1');
export const saltBytes = 32;
export const headBytes = letters.length + saltBytes;

/** How many plain bytes a sealed file holds; undefined when no sealed piece has that size. */
export function plainSizeOf(sealedBytes: number): number | undefined {
  const body = sealedBytes - headBytes;
  if (body < tagBytes) return undefined;
  const segments = Math.ceil(body / sealedSegmentBytes);
  const last = body - (segments - 1) * sealedSegmentBytes;
  return last < tagBytes ? undefined : body - segments * tagBytes;
}

export const headOf = (salt: Uint8Array): Buffer => Buffer.concat([letters, salt]);

/** The salt in the head of a piece; undefined when it is not the head of one. */
export function saltOf(head: Uint8Array): Uint8Array | undefined {
  const isPiece = head.length === headBytes && letters.equals(head.subarray(0, letters.length));
  return isPiece ? head.subarray(letters.length) : undefined;
}

/** Seals and opens the segments of one piece. */
export class SegmentCipher {
  readonly #key: Buffer;
  readonly #place: Buffer;

  constructor(masterKey: Uint8Array, salt: Uint8Array, place: { blobId: string; offsetBytes: number }) {
    this.#key = Buffer.from(hkdfSync('sha256', masterKey, salt, 'bootmend sealed piece', 32));
    this.#place = Buffer.from(`${place.offsetBytes}:${place.blobId}`);
  }

  seal(number: number, last: boolean, plain: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(number, last));
    cipher.setAAD(this.#place);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** The plain bytes; undefined when they are not what was sealed for this place. */
  open(number: number, last: boolean, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(number, last), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(this.#place);
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 4);
  nonce[11] = last ? 1 : 0;
  return nonce;
}
