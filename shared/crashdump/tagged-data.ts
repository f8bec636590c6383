import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';
import { hexOf } from '../bytes/hex.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { taggedData, winlogonStateAt, winlogonTag } from './layout.ts';

const maxBlobs = 512;
const maxStateBytes = 256;

/**
 * How far the logon had got, in winlogon's own words (`WluiRequestCredentials`, `ShellStartup`), out of the tagged
 * data that stands after a dump. Undefined when winlogon had not started or the dump does not say.
 */
export function readLogonPhase(reader: ByteReader, start: FileOffset): string | undefined {
  const [first, second] = taggedData.mark;
  if (reader.u32(start) !== first || reader.u32(start + 4) !== second) return undefined;
  let at = start + (reader.u32(start + taggedData.headSize) ?? 0);
  for (let count = 0; count < maxBlobs; count++) {
    if (reader.u32(at) !== taggedData.blobHeadBytes) return undefined;
    const sizes = [taggedData.dataSize, taggedData.prePad, taggedData.postPad].map(size =>
      reader.u32(at + size),
    );
    const [dataSize = 0, prePad = 0, postPad = 0] = sizes;
    const data = at + taggedData.blobHeadBytes + prePad;
    const tag = reader.bytes(at + taggedData.tag, 16);
    if (tag && hexOf(tag) === winlogonTag) return readState(reader, data, dataSize);
    at = data + dataSize + postPad;
  }
  return undefined;
}

function readState(reader: ByteReader, data: FileOffset, dataSize: number): string | undefined {
  const bytes = reader.bytes(
    data + winlogonStateAt,
    Math.min(Math.max(dataSize - winlogonStateAt, 0), maxStateBytes),
  );
  const text = bytes ? textOfUtf16(bytes).split('\0', 1)[0]! : '';
  return /^[A-Za-z0-9]{3,64}$/.test(text) ? text : undefined;
}
