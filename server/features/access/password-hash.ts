import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const hashBytes = 32;

/** Hashes a password for keeping, in the usual text form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(saltBytes);
  const hash = await argon2id(password, salt, cost);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

const shape =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{43})$/;

/** Whether a password is the one that was hashed. */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, hash] = shape.exec(kept) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const asked = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const found = await argon2id(password, Buffer.from(salt, 'base64'), asked);
  return crypto.timingSafeEqual(found, Buffer.from(hash, 'base64'));
}

const derive = promisify(crypto.argon2);

function argon2id(
  password: string,
  nonce: Buffer,
  { memory, passes, parallelism }: Record<keyof typeof cost, number>,
) {
  return derive('argon2id', {
    // the same password typed on two keyboards is the same bytes
    message: Buffer.from(password.normalize('NFC')),
    nonce,
    parallelism,
    tagLength: hashBytes,
    memory,
    passes,
  });
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
