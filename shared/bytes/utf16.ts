const unitsPerPiece = 4096;

/** Text of UTF-16LE bytes; an odd last byte is left out. Lone surrogates stay as they are. */
export function textOfUtf16(bytes: Uint8Array): string {
  const unitCount = bytes.length >> 1;
  let text = '';
  for (let from = 0; from < unitCount; from += unitsPerPiece) {
    const units = new Uint16Array(Math.min(unitsPerPiece, unitCount - from));
    for (let at = 0; at < units.length; at++) {
      const byte = (from + at) * 2;
      units[at] = bytes[byte]! | (bytes[byte + 1]! << 8);
    }
    text += String.fromCharCode(...units);
  }
  return text;
}

/** Text as UTF-16LE bytes, without a byte order mark. */
export function utf16Of(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    bytes[at * 2] = unit & 0xff;
    bytes[at * 2 + 1] = unit >> 8;
  }
  return bytes;
}
