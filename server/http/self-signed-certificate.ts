import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/**
 * A self-signed X.509 certificate (RFC 5280) over a P-256 key, as PEM. Only what a TLS server needs: names, key usage,
 * server authentication.
 */
export function selfSignedCertificate(
  privateKey: KeyObject,
  about: {
    readonly commonName: string;
    readonly dnsNames: readonly string[];
    readonly notBefore: Date;
    readonly notAfter: Date;
  },
): string {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const name = sequence(set(sequence(oid.commonName, tagged(0x0c, Buffer.from(about.commonName)))));
  const signedPart = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomSerial()),
    sequence(oid.ecdsaWithSha256),
    name,
    sequence(utcTime(about.notBefore), utcTime(about.notAfter)),
    name,
    spki,
    tagged(0xa3, sequence(...extensionsOf(about.dnsNames))),
  );
  const signature = sign('sha256', signedPart, { key: privateKey, dsaEncoding: 'der' });
  return pemOf(sequence(signedPart, sequence(oid.ecdsaWithSha256), bitString(0, signature)));
}

function extensionsOf(dnsNames: readonly string[]): Buffer[] {
  const digitalSignature = bitString(7, Buffer.from([0x80]));
  const names = sequence(...dnsNames.map(one => tagged(0x82, Buffer.from(one, 'ascii'))));
  return [
    extension(oid.basicConstraints, true, sequence()),
    extension(oid.keyUsage, true, digitalSignature),
    extension(oid.extendedKeyUsage, false, sequence(oid.serverAuthentication)),
    extension(oid.subjectAlternativeName, false, names),
  ];
}

const extension = (id: Buffer, critical: boolean, value: Buffer) =>
  sequence(id, ...(critical ? [tagged(0x01, Buffer.from([0xff]))] : []), tagged(0x04, value));

/** Positive, 127 random bits, never zero. */
function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]) => tagged(0x31, ...parts);
const integer = (bytes: Uint8Array) => tagged(0x02, bytes);
const bitString = (unusedBits: number, bytes: Uint8Array) => tagged(0x03, Buffer.from([unusedBits]), bytes);

/** `YYMMDDhhmmssZ`; good until the end of 2049. */
const utcTime = (at: Date) =>
  tagged(0x17, Buffer.from(`${at.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));

const objectId = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const oid = {
  commonName: objectId('550403'),
  keyUsage: objectId('551d0f'),
  subjectAlternativeName: objectId('551d11'),
  basicConstraints: objectId('551d13'),
  extendedKeyUsage: objectId('551d25'),
  serverAuthentication: objectId('2b06010505070301'),
  ecdsaWithSha256: objectId('2a8648ce3d040302'),
};

const pemOf = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
