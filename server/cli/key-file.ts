import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { type ApproverKey, approverKey } from '../../shared/trust/documents.ts';
import { signerOf } from '../../shared/trust/ed25519.ts';
import type { Sign } from '../../shared/trust/envelope.ts';

/** Cost of turning a passphrase into a key: 128 MiB and about half a second. */
const scryptCost = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/));
const keyFile = z.object({
  type: z.literal('bootmend-approver-key'),
  key: approverKey,
  sealed: z.object({ salt: base64url, nonce: base64url, tag: base64url, secret: base64url }),
});

/** An approver's key, ready to sign. */
export interface ApproverSigner {
  readonly key: ApproverKey;
  readonly sign: Sign;
}

/** Why a key file cannot be used. */
export class KeyFileError extends Error {
  readonly code: 'key-file-unreadable' | 'wrong-passphrase';
  constructor(code: KeyFileError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileError';
    this.code = code;
  }
}

/** Where the public half of a key file stands: `anna.json` has `anna.pub.json`. */
export const publicFileOf = (file: string): string => `${file.replace(/\.json$/, '')}.pub.json`;

/** Makes an Ed25519 approver key: sealed with the passphrase in a new file of mode 0600, its public half beside it. */
export function createKeyFile(file: string, owner: string, passphrase: string): ApproverKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x!;
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
  const publicHex = Buffer.from(raw, 'base64url').toString('hex');
  const key: ApproverKey = {
    keyId: `file-${publicHex.slice(0, 16)}`,
    publicKey: publicHex,
    kind: 'file',
    owner,
  };
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, scryptCost), nonce);
  cipher.setAAD(Buffer.from(publicHex));
  const sealedSecret = Buffer.concat([cipher.update(secret), cipher.final()]);
  const text = (bytes: Buffer) => bytes.toString('base64url');
  const sealed = {
    salt: text(salt),
    nonce: text(nonce),
    tag: text(cipher.getAuthTag()),
    secret: text(sealedSecret),
  };
  const content = { type: 'bootmend-approver-key', key, sealed };
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  writeFileSync(publicFileOf(file), `${JSON.stringify(key, undefined, 2)}\n`, { flag: 'wx' });
  return key;
}

/** Opens a key file with its passphrase. Throws `KeyFileError`. */
export function openKeyFile(file: string, passphrase: string): ApproverSigner {
  const { key, sealed } = readKeyFile(file);
  const bytes = (value: string) => Buffer.from(value, 'base64url');
  try {
    const derived = scryptSync(passphrase, bytes(sealed.salt), 32, scryptCost);
    const decipher = createDecipheriv('aes-256-gcm', derived, bytes(sealed.nonce), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(key.publicKey)).setAuthTag(bytes(sealed.tag));
    const secret = Buffer.concat([decipher.update(bytes(sealed.secret)), decipher.final()]);
    return { key, sign: signerOf(new Uint8Array(secret)) };
  } catch (cause) {
    throw new KeyFileError('wrong-passphrase', `The passphrase does not open ${file}.`, { cause });
  }
}

function readKeyFile(file: string): z.infer<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const message = `${file} is not a Bootmend approver key. Make one with: bootmend key new FILE --owner NAME`;
    throw new KeyFileError('key-file-unreadable', message, { cause });
  }
}
