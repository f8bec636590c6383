/** Crockford's alphabet: no I, L, O or U, which are misread or make words. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The short code that a machine shows on its screen and a person reads out on the phone, `K7Q2-9MPD`. */
export function screenCodeOf(random: Uint8Array): string {
  const letters = [...random.subarray(0, 8)].map(byte => alphabet[byte % 32]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
