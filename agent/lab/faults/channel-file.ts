/**
 * A channel file as far as the lab needs one: CrowdStrike's format is not public. Real ones start with 0xAAAAAAAA and
 * repeat the numbers of their name; the rest is ours. Each instance holds criteria for the fields of a template type.
 */
export interface ChannelFile {
  readonly channel: number;
  readonly version: number;
  /** Criteria of each instance; a `*` matches everything without looking at the field. */
  readonly instances: readonly (readonly string[])[];
}

const magic = 0xaaaaaaaa;
const headerBytes = 20;
const criterionBytes = 32;

/** `C-00000291-00000000-00000032.sys`. */
export const channelFileName = ({ channel, version }: Pick<ChannelFile, 'channel' | 'version'>): string =>
  `C-${String(channel).padStart(8, '0')}-00000000-${String(version).padStart(8, '0')}.sys`;

export function buildChannelFile({ channel, version, instances }: ChannelFile): Uint8Array {
  const fields = instances.flat();
  const bytes = Buffer.alloc(headerBytes + instances.length * 4 + fields.length * criterionBytes);
  [magic, channel, 0, version, instances.length].forEach((word, at) => bytes.writeUInt32LE(word, at * 4));
  let at = headerBytes;
  for (const criteria of instances) {
    at = bytes.writeUInt32LE(criteria.length, at);
    for (const criterion of criteria) {
      bytes.write(criterion, at, criterionBytes, 'latin1');
      at += criterionBytes;
    }
  }
  return new Uint8Array(bytes);
}

/** Reads a channel file back; undefined for bytes that are none. */
export function readChannelFile(content: Uint8Array): ChannelFile | undefined {
  const bytes = Buffer.from(content);
  if (bytes.length < headerBytes || bytes.readUInt32LE(0) !== magic) return undefined;
  const [channel, version, count] = [bytes.readUInt32LE(4), bytes.readUInt32LE(12), bytes.readUInt32LE(16)];
  const instances: string[][] = [];
  let at = headerBytes;
  for (let index = 0; index < count; index++) {
    if (at + 4 > bytes.length) return undefined;
    const fields = bytes.readUInt32LE(at);
    at += 4;
    if (at + fields * criterionBytes > bytes.length) return undefined;
    const criteria = Array.from({ length: fields }, (_, field) => {
      const from = at + field * criterionBytes;
      return bytes.toString('latin1', from, from + criterionBytes).replace(/\0+$/, '');
    });
    at += fields * criterionBytes;
    instances.push(criteria);
  }
  return { channel, version, instances };
}
