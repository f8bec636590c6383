import { createHmac, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
/** A code is typed from a telephone: the step before and the one after count, too. */
const slackSteps = 1;

/** The code of one step of an authenticator: RFC 6238 with HMAC-SHA-1 and six digits, as every authenticator makes. */
export function codeOfStep(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = mac[mac.length - 1]! & 15;
  const number = (mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/** The step in which a code is good now and that comes after the one used last; undefined when there is none. */
export function findStep(secret: Uint8Array, code: string, now: Date, lastStep: number): number | undefined {
  const current = Math.floor(now.getTime() / 1000 / stepSeconds);
  const typed = Buffer.from(code.padEnd(digits).slice(0, digits));
  let found: number | undefined;
  for (let step = current - slackSteps; step <= current + slackSteps; step++)
    if (timingSafeEqual(Buffer.from(codeOfStep(secret, step)), typed) && step > lastStep) found ??= step;
  return code.length === digits ? found : undefined;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The secret as authenticators take it: RFC 4648 base32 without padding. */
export function base32Of(bytes: Uint8Array): string {
  let [bits, value, text] = [0, 0, ''];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += base32[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + base32[(value << (5 - bits)) & 31] : text;
}
