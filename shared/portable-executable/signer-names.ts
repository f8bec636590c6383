import type { ByteReader } from '../bytes/byte-reader.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { type DerElement, readChildren, readElement } from './der.ts';
import type { Stretch } from './portable-executable.ts';

// Places after Microsoft's "PE Format" (attribute certificate table), RFC 2315 (SignedData) and RFC 5280 (Certificate).
const tableHeaderBytes = 8;
const signedDataType = 2;
const maxSignatureBytes = 256 * 1024;
const maxSignatures = 8;
const [sequence, certificatesTag, versionTag] = [0x30, 0xa0, 0xa0];
const [bmpString, commonName] = [0x1e, [0x55, 0x04, 0x03]];

/**
 * Common names of all certificates in the signatures of a PE file. Nothing is verified: a name says who claims to have
 * signed. Undefined when a signature is larger than can be looked at or is no signature at all.
 */
export function readSignerNames(
  reader: ByteReader,
  { offset, sizeBytes }: Stretch,
): readonly string[] | undefined {
  const names: string[] = [];
  const end = offset + sizeBytes;
  for (let at = offset, count = 0; at + tableHeaderBytes <= end; count++) {
    const lengthBytes = reader.u32(at);
    const isReadable =
      lengthBytes !== undefined && lengthBytes > tableHeaderBytes && lengthBytes <= maxSignatureBytes;
    if (!isReadable || count >= maxSignatures) return undefined;
    if (reader.u16(at + 6) === signedDataType) {
      const bytes = reader.bytes(at + tableHeaderBytes, lengthBytes - tableHeaderBytes);
      const found = bytes && namesInSignedData(bytes);
      if (!found) return undefined;
      names.push(...found);
    }
    at += Math.ceil(lengthBytes / 8) * 8;
  }
  return names;
}

function namesInSignedData(bytes: Uint8Array): readonly string[] | undefined {
  const inside = (element: DerElement | undefined, tag: number) =>
    element?.tag === tag ? readChildren(bytes, element) : undefined;
  const content = inside(readElement(bytes, 0, bytes.length), sequence)?.[1];
  const signedData = inside(content, certificatesTag)?.[0];
  const certificates = inside(
    inside(signedData, sequence)?.find(one => one.tag === certificatesTag),
    certificatesTag,
  );
  return certificates?.flatMap(certificate => {
    const fields = inside(inside(certificate, sequence)?.[0], sequence) ?? [];
    // Version (which may be left out), serial number, algorithm, issuer, validity, subject.
    const subject = fields[fields[0]?.tag === versionTag ? 5 : 4];
    return (inside(subject, sequence) ?? []).flatMap(set => commonNamesOf(bytes, set));
  });
}

/** Names in one set of a distinguished name. */
const commonNamesOf = (bytes: Uint8Array, set: DerElement): readonly string[] =>
  (readChildren(bytes, set) ?? []).flatMap(pair => {
    const [type, value] = readChildren(bytes, pair) ?? [];
    if (!type || !value || !commonName.every((byte, index) => bytes[type.start + index] === byte)) return [];
    const text = bytes.subarray(value.start, value.end);
    return [value.tag === bmpString ? textOfBigEndian(text) : String.fromCharCode(...text.subarray(0, 256))];
  });

const textOfBigEndian = (bytes: Uint8Array): string =>
  textOfUtf16(bytes.slice().map((_, at) => bytes[at ^ 1] ?? 0));
