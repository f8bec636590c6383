const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The secret of an authenticator from the text that is typed into it: RFC 4648 base32 without padding. */
export function bytesOfBase32(text: string): Buffer {
  const bits = text.replaceAll(/./g, letter => base32.indexOf(letter).toString(2).padStart(5, '0'));
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)));
}
