import type { DirectoryEntry } from '../../../shared/facts/volume-view.ts';
import { type Host, HostError } from '../../host/host.ts';

/** Which part of a longer file is read: its newest lines, or its first bytes. */
export interface PartWanted {
  readonly from: 'tail' | 'head';
  readonly mostBytes: number;
}

/** A file, or a part of one. */
export interface FilePart {
  readonly bytes: Uint8Array;
  readonly writtenAtMs: number;
  readonly isWhole: boolean;
}

/**
 * Reads a log where it lies, within a bound; undefined when it is absent, empty or not readable. A tail begins with a
 * whole line, behind the mark of its encoding.
 */
export function readPart(host: Host, path: string, { from, mostBytes }: PartWanted): FilePart | undefined {
  const entry = host.files.find(path);
  if (entry?.kind !== 'file' || entry.sizeBytes === 0) return undefined;
  const { sizeBytes, writtenAtMs } = entry;
  try {
    if (sizeBytes <= mostBytes)
      return { bytes: host.files.read(path, 0, sizeBytes), writtenAtMs, isWhole: true };
    const bytes =
      from === 'head' ? host.files.read(path, 0, mostBytes) : readTail(host, path, entry, mostBytes);
    return { bytes, writtenAtMs, isWhole: false };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return undefined;
  }
}

const lineFeed = 0x0a;

function readTail(host: Host, path: string, { sizeBytes }: DirectoryEntry, mostBytes: number): Uint8Array {
  const mark = host.files.read(path, 0, 3);
  const hasWideMark = mark[0] === 0xff && mark[1] === 0xfe;
  // An even start keeps the two halves of UTF-16 together.
  const start = sizeBytes - mostBytes + ((sizeBytes - mostBytes) % 2);
  const tail = host.files.read(path, start, mostBytes);
  const isWide = hasWideMark || isZeroBehindLines(tail);
  const whole = tail.subarray(startOfLine(tail, isWide));
  return hasWideMark ? new Uint8Array([...mark.subarray(0, 2), ...whole]) : whole;
}

/** UTF-16 without a mark, as PFRO.log has it, shows by its lines: each ends in 0A 00. */
function isZeroBehindLines(tail: Uint8Array): boolean {
  const at = tail.indexOf(lineFeed);
  return at >= 0 && at % 2 === 0 && tail[at + 1] === 0;
}

/** Where the first whole line begins; a part without any is kept as it is. */
function startOfLine(tail: Uint8Array, isWide: boolean): number {
  for (let at = tail.indexOf(lineFeed); at >= 0; at = tail.indexOf(lineFeed, at + 1)) {
    if (!isWide) return at + 1;
    if (at % 2 === 0 && tail[at + 1] === 0) return at + 2;
  }
  return 0;
}
