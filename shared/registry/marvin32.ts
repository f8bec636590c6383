/**
 * Marvin32 checksum of bytes, as log entries of hives carry it: two 32-bit halves, low half first. Source: SymCrypt
 * (github.com/microsoft/SymCrypt).
 */
export function marvin32(
  bytes: Uint8Array,
  seed: { readonly low: number; readonly high: number },
): { readonly low: number; readonly high: number } {
  let low = seed.low | 0;
  let high = seed.high | 0;
  const mix = (word: number): void => {
    low = (low + word) | 0;
    high ^= low;
    low = (rotate(low, 20) + high) | 0;
    high = rotate(high, 9) ^ low;
    low = (rotate(low, 27) + high) | 0;
    high = rotate(high, 19);
  };
  const wholeBytes = bytes.length & ~3;
  for (let at = 0; at < wholeBytes; at += 4) {
    mix(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
  }
  // The rest is closed with a byte 0x80, as in a padding, and mixed; one empty round follows.
  let last = 0x80;
  for (let at = bytes.length - 1; at >= wholeBytes; at--) last = (last << 8) | bytes[at]!;
  mix(last);
  mix(0);
  return { low: low >>> 0, high: high >>> 0 };
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
