import { textOfUtf16 } from '../bytes/utf16.ts';

/** Name of a key or value: Latin-1 when the record says compressed, else UTF-16LE. */
export function nameOf(bytes: Uint8Array, compressed: boolean): string {
  if (!compressed) return textOfUtf16(bytes);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A name as the registry compares names: each character in upper case, where that is one character. */
export function foldName(name: string): string {
  const upper = name.toUpperCase();
  if (upper.length === name.length) return upper;
  return Array.from(name, one => (one.toUpperCase().length === one.length ? one.toUpperCase() : one)).join(
    '',
  );
}
