/**
 * The public key of an X.509 certificate, as its SubjectPublicKeyInfo lies in it (DER): what a pin is the SHA-256 of.
 * Undefined for bytes that are no certificate. Source: RFC 5280, 4.1.
 */
export function publicKeyOfCertificate(der: Uint8Array): Uint8Array | undefined {
  const certificate = elementAt(der, 0, der.length);
  const body = certificate && elementAt(der, certificate.start, certificate.end);
  if (certificate?.tag !== tags.sequence || body?.tag !== tags.sequence) return undefined;
  let at = body.start;
  if (elementAt(der, at, body.end)?.tag === tags.version) at = elementAt(der, at, body.end)?.end ?? body.end;
  // Serial number, signature algorithm, issuer, validity, subject; the key comes next.
  for (const tag of [tags.integer, tags.sequence, tags.sequence, tags.sequence, tags.sequence]) {
    const element = elementAt(der, at, body.end);
    if (element?.tag !== tag) return undefined;
    at = element.end;
  }
  const key = elementAt(der, at, body.end);
  return key?.tag === tags.sequence ? der.slice(at, key.end) : undefined;
}

const tags = { integer: 0x02, sequence: 0x30, version: 0xa0 } as const;

/** One element of DER: its tag and where its contents start and end; undefined where it does not fit before `limit`. */
function elementAt(
  der: Uint8Array,
  at: number,
  limit: number,
): { readonly tag: number; readonly start: number; readonly end: number } | undefined {
  const [tag, first] = [der[at], der[at + 1]];
  if (tag === undefined || first === undefined || at + 2 > limit) return undefined;
  const sizeBytes = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || sizeBytes > 3) return undefined;
  let length = sizeBytes === 0 ? first : 0;
  for (let i = 0; i < sizeBytes; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  const start = at + 2 + sizeBytes;
  const end = start + length;
  return end <= limit ? { tag, start, end } : undefined;
}
