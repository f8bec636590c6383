const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of RFC 1952 over pieces of bytes as if they were one. */
export function crc32Of(...pieces: readonly Uint8Array[]): number {
  let sum = 0xffffffff;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at++) sum = table[(sum ^ piece[at]!) & 255]! ^ (sum >>> 8);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
