import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset } from '../bytes/byte-source.ts';
import * as layout from './layout.ts';
import type { MissingParts } from './missing-parts.ts';
import type { PageMap } from './page-map.ts';
import { viewOf } from './words.ts';

/** Pages are counted in steps of so many, so that finding one need not count from the start. */
const pagesPerStep = 4096;
/** The bitmap is read in pieces, of which so many are kept. */
const pieceBytes = 64 * 1024;
const pagesPerPiece = pieceBytes * 8;
const maxPieces = 64;
/** A bitmap of 64 MB is that of a machine with 2 TB of memory. */
const maxBitmapBytes = 64 * 1024 * 1024;

/**
 * Reads the map of a bitmap dump: one bit for each page of the machine, and the pages whose bit is set packed from
 * `FirstPage` on, which need not be at a round offset.
 */
export function readBitmap(reader: ByteReader, missing: MissingParts): PageMap | undefined {
  const places = layout.pageBitmap;
  const { start } = places;
  const [mark, valid] = [reader.u32(start), reader.u32(start + places.valid)];
  const isCut = reader.sizeBytes < start + places.bits;
  if (isCut || mark === undefined || valid === undefined) {
    const message = isCut
      ? `the file ends at ${reader.sizeBytes}, before the map of pages`
      : 'the map of pages is there, but could not be read';
    missing.add(isCut ? 'cut-off' : 'unreadable', 'memory', message, Math.min(start, reader.sizeBytes));
    return undefined;
  }
  if (!layout.bitmapMarks.includes(mark) || valid !== layout.mapValid) {
    const message = 'the map of pages starts with neither SDMPDUMP nor FDMPDUMP';
    missing.add('map-damaged', 'memory', message, start);
    return undefined;
  }
  const firstPage = Number(reader.u64(start + places.firstPage) ?? 0n);
  const told = Number(reader.u64(start + places.presentPages) ?? 0n);
  const pages = Number(reader.u64(start + places.pages) ?? 0n);
  const bitsAt = start + places.bits;
  const room = Math.min(reader.sizeBytes, firstPage) - bitsAt;
  const readable = Math.min(pages, Math.max(room, 0) * 8, maxBitmapBytes * 8);
  if (readable < pages) {
    const message = `of the map of ${pages} pages, ${readable} can be read`;
    missing.add(firstPage > reader.sizeBytes ? 'cut-off' : 'map-damaged', 'memory', message, bitsAt);
  }
  const map = new BitmapMap(reader, bitsAt, readable, firstPage);
  if (map.hasHoles) {
    // Where a page stands is counted from the start of the map: with a hole in it, no place is sure.
    missing.add('unreadable', 'memory', 'a part of the map of pages is there, but could not be read', bitsAt);
    return undefined;
  }
  if (readable === pages && map.presentPages !== told) {
    const message = `the map has ${map.presentPages} pages, its head tells of ${told}`;
    missing.add('map-damaged', 'memory', message, start + places.presentPages);
  }
  return map;
}

class BitmapMap implements PageMap {
  readonly presentPages: number;
  readonly start: FileOffset;
  readonly end: FileOffset;
  /** Whether a piece of the map could not be read. */
  hasHoles = false;
  readonly #reader: ByteReader;
  readonly #bitsAt: FileOffset;
  readonly #pages: number;
  /** How many pages are present before each step. */
  readonly #before: Uint32Array;
  readonly #pieces = new Map<number, DataView>();

  constructor(reader: ByteReader, bitsAt: FileOffset, pages: number, firstPage: FileOffset) {
    this.#reader = reader;
    this.#bitsAt = bitsAt;
    this.#pages = pages;
    this.start = firstPage;
    this.#before = new Uint32Array(Math.ceil(pages / pagesPerStep) + 1);
    let present = 0;
    for (let page = 0, step = 0; page < pages; page += pagesPerStep, step++) {
      this.#before[step] = present;
      present += this.#count(page, Math.min(page + pagesPerStep, pages));
    }
    this.presentPages = present;
    this.end = firstPage + present * layout.pageBytes;
  }

  find(page: number): FileOffset | undefined {
    if (page >= this.#pages || this.#count(page, page + 1) === 0) return undefined;
    const step = Math.floor(page / pagesPerStep);
    const before = this.#before[step]! + this.#count(step * pagesPerStep, page);
    return this.start + before * layout.pageBytes;
  }

  /** Set bits from `page` up to `end`, which lie in one step. */
  #count(page: number, end: number): number {
    const piece = Math.floor(page / pagesPerPiece);
    const bits = this.#piece(piece);
    const from = page - piece * pagesPerPiece;
    const to = end - piece * pagesPerPiece;
    let count = 0;
    let at = from;
    if (at % 32 === 0)
      for (; at + 32 <= to && at / 8 + 4 <= bits.byteLength; at += 32)
        count += bitCount(bits.getUint32(at / 8, true));
    for (; at < to && at >> 3 < bits.byteLength; at++) count += (bits.getUint8(at >> 3) >> (at & 7)) & 1;
    return count;
  }

  #piece(index: number): DataView {
    const known = this.#pieces.get(index);
    if (known) return known;
    const oldest = this.#pieces.keys().next().value;
    if (this.#pieces.size >= maxPieces && oldest !== undefined) this.#pieces.delete(oldest);
    const from = index * pieceBytes;
    const length = Math.min(pieceBytes, Math.ceil(this.#pages / 8) - from);
    const bytes = this.#reader.bytes(this.#bitsAt + from, length);
    if (!bytes) this.hasHoles = true;
    const piece = viewOf(bytes ?? new Uint8Array(0));
    this.#pieces.set(index, piece);
    return piece;
  }
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
