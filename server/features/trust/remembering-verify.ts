import { createHash } from 'node:crypto';
import type { Verify } from '../../../shared/trust/envelope.ts';

const mostRemembered = 4096;

/** A check of signatures that does the same check once: approvals are judged at every check-in. */
export function rememberingVerify(verify: Verify): Verify {
  const remembered = new Map<string, boolean>();
  return (publicKey, message, signature) => {
    const hash = createHash('sha256');
    for (const part of [publicKey, signature, message]) hash.update(`${part.length}:`).update(part);
    const id = hash.digest('base64');
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const good = verify(publicKey, message, signature);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(id, good);
    return good;
  };
}
