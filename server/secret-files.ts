import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a file that only its owner may read. It is there whole or not at all; one that is there already stays. */
export function writeOnce(file: string, content: string | Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(unfinished, content, { mode: 0o600, flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished);
  }
}

/** The 32 random bytes kept in a file; they are made at the first start. */
export function ensureSecret(file: string): Buffer {
  const read = () => Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  try {
    return checked(file, read());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeOnce(file, `${randomBytes(32).toString('base64url')}\n`);
  return checked(file, read());
}

function checked(file: string, secret: Buffer): Buffer {
  if (secret.length !== 32)
    throw new Error(`${file} does not hold 32 bytes in base64url; restore it from a backup.`);
  return secret;
}
