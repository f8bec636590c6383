import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';
import type { DumpHeader } from './header.ts';
import * as layout from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import { readBitmap } from './page-bitmap.ts';
import { readWord } from './words.ts';

/** Where a file keeps the pages of the crashed machine's memory; a page's number is its physical address / 4096. */
export interface PageMap {
  /** Undefined when the dump does not hold the page. */
  find(page: number): FileOffset | undefined;
  /** The first byte of the first page, and the first byte after the last one. */
  readonly start: FileOffset;
  readonly end: FileOffset;
}

/** Pages that follow each other in memory. */
interface PageRun {
  readonly page: number;
  readonly count: number;
}

/** Processors of today address at most 2 to the power of 52 bytes. */
const pageNumberLimit = 2 ** 40;
const maxRanges = 262_144;

/** Reads the map of a dump that holds pages; undefined when it has none, which is then told. */
export function readPageMap(
  reader: ByteReader,
  header: DumpHeader,
  missing: MissingParts,
): PageMap | undefined {
  const map = readMapOfKind(reader, header, missing);
  if (map && (map.end > reader.sizeBytes || map.start > reader.sizeBytes)) {
    const message = `the dump should reach to ${Math.max(map.start, map.end)}, the file ends at ${reader.sizeBytes}: it was cut off`;
    missing.add('cut-off', 'memory', message, reader.sizeBytes);
  }
  if (map && (header.attributes & layout.attributes.dumpFileTooSmall) !== 0) {
    const message = 'Windows notes that the file for dumps was too small: the last pages were not written';
    missing.add('cut-off', 'memory', message, header.layout.attributes);
  }
  return map;
}

function readMapOfKind(reader: ByteReader, header: DumpHeader, missing: MissingParts): PageMap | undefined {
  const { addressBytes, sizeBytes } = header.layout;
  if (header.dumpType === 1) return readRuns(reader, header, missing);
  if (addressBytes === 8 && layout.rangeDumpTypes.includes(header.dumpType ?? 0))
    return readRanges(reader, header.dumpType, missing);
  // A summary dump has a bitmap in newer Windows and another map, which nobody describes, in older ones.
  const hasBitmap = layout.bitmapMarks.includes(reader.u32(sizeBytes) ?? 0);
  if (addressBytes === 8 && (hasBitmap || layout.bitmapDumpTypes.includes(header.dumpType ?? 0)))
    return readBitmap(reader, missing);
  const what = 'modules, stack and process';
  if (header.dumpType === layout.headerDumpType) {
    missing.add('not-in-dump', what, 'a dump of this kind holds nothing but its header', sizeBytes);
  } else if (reader.holds(sizeBytes, 8)) {
    const message = `only the header of a ${addressBytes * 8}-bit ${header.format} dump is read`;
    missing.add('format-not-covered', what, message, sizeBytes);
  } else if (reader.sizeBytes >= sizeBytes) {
    const message = `the file ends at ${reader.sizeBytes}, with the header`;
    missing.add('cut-off', what, message, reader.sizeBytes);
  }
  return undefined;
}

/** A full dump tells its runs in the header and packs their pages right behind it. */
function readRuns(reader: ByteReader, header: DumpHeader, missing: MissingParts): PageMap | undefined {
  const { addressBytes, physicalMemoryBlock: start, sizeBytes } = header.layout;
  const places = addressBytes === 8 ? layout.physicalRuns64 : layout.physicalRuns32;
  const most = Math.floor((layout.physicalMemoryBlockBytes - places.firstAt) / places.sizeBytes);
  const count = reader.u32(start) ?? 0;
  if (count === layout.pageFill || count === 0) {
    missing.add('not-written', 'memory', 'Windows left the list of memory runs empty', start);
    return undefined;
  }
  if (count > most) {
    const message = `${count} runs of memory are told, the header has room for ${most}; those are read`;
    missing.add('map-damaged', 'memory', message, start);
  }
  const runs: PageRun[] = [];
  for (let index = 0; index < Math.min(count, most); index++) {
    const at = start + places.firstAt + index * places.sizeBytes;
    const page = readWord(reader, at, places.wordBytes) ?? 0n;
    const pages = readWord(reader, at + places.wordBytes, places.wordBytes) ?? 0n;
    if (!appendRun(runs, page, pages, at, missing)) break;
  }
  return new RunMap(runs, sizeBytes);
}

/** The newer dumps of WinDbg list ranges of pages in front of them. */
function readRanges(
  reader: ByteReader,
  dumpType: number | undefined,
  missing: MissingParts,
): PageMap | undefined {
  const places = layout.rangeMap;
  const { start } = places;
  const marks = [reader.u32(start + places.mark), reader.u32(start + places.valid)];
  const isCut = !reader.holds(start, places.ranges);
  if (isCut || marks[1] === undefined) {
    const message = isCut
      ? `the file ends at ${reader.sizeBytes}, before the map of pages`
      : 'the map of pages is there, but could not be read';
    missing.add(isCut ? 'cut-off' : 'unreadable', 'memory', message, start);
    return undefined;
  }
  if (marks[0] !== places.markValue || marks[1] !== layout.mapValid) {
    missing.add('map-damaged', 'memory', 'the map of pages does not start with RDMPDUMP', start);
    return undefined;
  }
  const firstPage = Number(reader.u64(start + places.firstPage) ?? 0n);
  const metadataSize = Number(reader.u64(start + places.metadataSize) ?? 0n);
  const metadataEnd = start + places.metadataFrom + metadataSize;
  const isBoundByTotal = dumpType === layout.completeMemoryDumpType;
  const total = isBoundByTotal ? Number(reader.u64(start + places.totalPages) ?? 0n) : Infinity;
  const runs: PageRun[] = [];
  let pages = 0;
  for (let at = start + places.ranges; pages < total; at += places.rangeBytes) {
    if (at + places.rangeBytes > Math.min(metadataEnd, firstPage)) break;
    const [page, count] = [reader.u64(at), reader.u64(at + 8)];
    if (page === undefined || count === undefined || page === 0n) break;
    if (runs.length === maxRanges) {
      missing.add('too-many', 'memory', `more than ${maxRanges} ranges of memory; the rest is left out`, at);
      break;
    }
    if (!appendRun(runs, page, count, at, missing)) break;
    pages += Number(count);
  }
  return new RunMap(runs, firstPage);
}

function appendRun(
  runs: PageRun[],
  page: bigint,
  count: bigint,
  at: FileOffset,
  missing: MissingParts,
): boolean {
  if (page + count <= BigInt(pageNumberLimit)) {
    runs.push({ page: Number(page), count: Number(count) });
    return true;
  }
  const message = `a run of ${count} pages from page ${page} is larger than any memory`;
  missing.add('map-damaged', 'memory', message, at);
  return false;
}

/** Runs of pages, packed in the file in the order they are listed. */
class RunMap implements PageMap {
  readonly start: FileOffset;
  readonly end: FileOffset;
  readonly #runs: readonly (PageRun & { readonly offset: FileOffset })[];

  constructor(runs: readonly PageRun[], firstOffset: FileOffset) {
    let offset = firstOffset;
    const placed = runs.map(run => {
      const at = offset;
      offset += run.count * layout.pageBytes;
      return { ...run, offset: at };
    });
    this.start = firstOffset;
    this.end = offset;
    this.#runs = placed.sort((a, b) => a.page - b.page);
  }

  find(page: number): FileOffset | undefined {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]!.page <= page) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low - 1];
    return run && page < run.page + run.count ? run.offset + (page - run.page) * layout.pageBytes : undefined;
  }
}
