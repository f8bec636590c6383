/** Text as UTF-8; a lone surrogate becomes U+FFFD. */
export function utf8Of(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(bytes);
}

/** How many bytes text has as UTF-8. */
export function utf8LengthOf(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    if (isPair) at++;
    length += isPair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return length;
}

const leads = [
  { mask: 0x80, mark: 0x00, more: 0, least: 0 },
  { mask: 0xe0, mark: 0xc0, more: 1, least: 0x80 },
  { mask: 0xf0, mark: 0xe0, more: 2, least: 0x800 },
  { mask: 0xf8, mark: 0xf0, more: 3, least: 0x10000 },
];

const mostPlainBytes = 4096;

/** Where a run of ASCII ends that begins here; runs are cut so that one call can take their bytes as arguments. */
function endOfPlain(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + mostPlainBytes);
  let at = start;
  while (at < last && bytes[at]! < 0x80) at++;
  return at;
}

/** Text of UTF-8 bytes; each byte that is not UTF-8 becomes U+FFFD and is counted in `damagedBytes`. */
export function textOfUtf8(bytes: Uint8Array): { readonly text: string; readonly damagedBytes: number } {
  const pieces: string[] = [];
  let damagedBytes = 0;
  for (let at = 0; at < bytes.length; at++) {
    const plainEnd = endOfPlain(bytes, at);
    if (plainEnd > at) {
      pieces.push(String.fromCharCode(...bytes.subarray(at, plainEnd)));
      at = plainEnd - 1;
      continue;
    }
    const first = bytes[at]!;
    const lead = leads.find(one => (first & one.mask) === one.mark);
    let code = lead ? first & ~lead.mask : -1;
    const more = lead?.more ?? 0;
    for (let i = 1; i <= more && code >= 0; i++) {
      const next = bytes[at + i];
      code = next !== undefined && (next & 0xc0) === 0x80 ? (code << 6) | (next & 63) : -1;
    }
    const good = lead && code >= lead.least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    pieces.push(good ? String.fromCodePoint(code) : '\ufffd');
    if (good) at += lead.more;
    else damagedBytes++;
  }
  return { text: pieces.join(''), damagedBytes };
}
