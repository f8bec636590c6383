/** A length of DER in its shortest form. */
const lengthOf = (bytes: number): number[] =>
  bytes < 0x80 ? [bytes] : bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts);
  return Buffer.from([tag, ...lengthOf(content.length), ...content]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Uint8Array.from(bytes));
const number = (value: number) => der(0x02, Uint8Array.of(value));

const nameOf = (commonName: string) =>
  sequence(
    der(0x31, sequence(oid(0x55, 0x04, 0x06), der(0x13, Buffer.from('US')))),
    der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))),
  );

const certificateOf = (commonName: string) =>
  sequence(
    sequence(
      der(0xa0, number(2)),
      number(7),
      sequence(oid(0x2a)),
      nameOf('Microsoft Windows'),
      sequence(),
      nameOf(commonName),
      sequence(),
    ),
    sequence(oid(0x2a)),
    der(0x03, Uint8Array.of(0)),
  );

/** A driver file with one signature of certificates with these names behind it; nothing in it would verify. */
export function signedFile(file: Uint8Array, commonNames: readonly string[]): Uint8Array {
  const signedData = sequence(
    number(1),
    der(0x31),
    sequence(oid(0x2a)),
    der(0xa0, ...commonNames.map(certificateOf)),
    der(0x31),
  );
  const content = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02), der(0xa0, signedData));
  const sizeBytes = Math.ceil((8 + content.length) / 8) * 8;
  const signed = new Uint8Array(file.length + sizeBytes);
  signed.set(file);
  signed.set(content, file.length + 8);
  const view = new DataView(signed.buffer);
  view.setUint32(file.length, 8 + content.length, true);
  view.setUint16(file.length + 4, 0x200, true);
  view.setUint16(file.length + 6, 2, true);
  const header = view.getUint32(0x3c, true);
  view.setUint32(header + 24 + 112 + 4 * 8, file.length, true);
  view.setUint32(header + 24 + 112 + 4 * 8 + 4, sizeBytes, true);
  return signed;
}
