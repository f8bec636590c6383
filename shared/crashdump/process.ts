import type { ByteReader } from '../bytes/byte-reader.ts';
import type { DumpHeader } from './header.ts';
import { imageFileNameBytes, imageFileNameOffsets } from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import type { TriageContents } from './triage.ts';

/** The largest EPROCESS seen has 0xC80 bytes. */
export const maxProcessBytes = 0x1000;

/** The name of the process that was running, and where in the file it stands. */
export interface ProcessName {
  readonly name: string;
  readonly intoProcess: number;
}

/** Finds the process name in a triage dump's copy of EPROCESS. */
export function findProcessName(
  reader: ByteReader,
  header: DumpHeader,
  triage: TriageContents,
  missing: MissingParts,
): ProcessName | undefined {
  const start = triage.processOffset;
  const end = triage.threadOffset > start ? triage.threadOffset : start + maxProcessBytes;
  const sizeBytes = Math.min(end - start, maxProcessBytes, reader.sizeBytes - start);
  const bytes = start > 0 && sizeBytes > 0 ? reader.bytes(start, sizeBytes) : undefined;
  const name = bytes && nameInProcess(bytes, header);
  if (name) return name;
  missing.add('not-in-dump', 'process', 'the dump holds no readable process name', start);
  return undefined;
}

/**
 * The name in an EPROCESS. Its place moves between builds, so the known place comes first, then the places of other
 * builds, then any aligned place that holds nothing but a name.
 */
export function nameInProcess(process: Uint8Array, header: DumpHeader): ProcessName | undefined {
  for (const intoProcess of candidatePlaces(header, process.length)) {
    const name = nameAt(process, intoProcess);
    if (name !== undefined) return { name, intoProcess };
  }
  return undefined;
}

function* candidatePlaces(header: DumpHeader, sizeBytes: number): Generator<number> {
  const mine = imageFileNameOffsets.filter(one => one.architecture === header.architecture);
  const known = mine.find(one => (header.osBuild ?? 0) >= one.fromBuild);
  if (known) yield known.offset;
  for (const { offset } of imageFileNameOffsets) yield offset;
  const step = header.layout.addressBytes;
  for (let offset = 0; offset + imageFileNameBytes <= sizeBytes; offset += step) yield offset;
}

function nameAt(process: Uint8Array, offset: number): string | undefined {
  const bytes = process.subarray(offset, offset + imageFileNameBytes);
  const length = bytes.indexOf(0);
  if (length < 3 || bytes.length < imageFileNameBytes || bytes.subarray(length).some(byte => byte !== 0))
    return undefined;
  const name = String.fromCharCode(...bytes.subarray(0, length));
  return /^[A-Za-z0-9_][\w .+@()-]*$/.test(name) ? name : undefined;
}
