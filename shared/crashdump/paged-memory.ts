import type { ByteReader } from '../bytes/byte-reader.ts';
import type { FileOffset, VirtualAddress } from '../bytes/byte-source.ts';
import { hexNumber } from '../bytes/hex-number.ts';
import type { DumpHeader } from './header.ts';
import { pageBytes } from './layout.ts';
import type { Memory, MemoryPiece } from './memory.ts';
import type { MissingCode } from './missing-parts.ts';
import type { PageMap } from './page-map.ts';
import { type WordBytes, viewOf, wordOf } from './words.ts';

/** How a processor finds a page: the bits of the address that each level looks at, from the top. */
interface Translation {
  readonly entryBytes: WordBytes;
  readonly levels: readonly { readonly shift: bigint; readonly bits: bigint; readonly mayBeLarge: boolean }[];
  /** The bits of the root that are its address. */
  readonly rootMask: bigint;
  readonly addressBits: bigint;
}

const level = (shift: bigint, bits: bigint, mayBeLarge: boolean) => ({ shift, bits, mayBeLarge });

// After the manuals of Intel and AMD. Page tables of five levels (57 bits of address) are not told by the header and
// not seen in Windows for clients.
const fourLevels: Translation = {
  entryBytes: 8,
  levels: [level(39n, 9n, false), level(30n, 9n, true), level(21n, 9n, true), level(12n, 9n, false)],
  rootMask: 0x000ffffffffff000n,
  addressBits: 48n,
};
const threeLevels: Translation = {
  entryBytes: 8,
  levels: [level(30n, 2n, false), level(21n, 9n, true), level(12n, 9n, false)],
  rootMask: 0xffffffe0n,
  addressBits: 32n,
};
const twoLevels: Translation = {
  entryBytes: 4,
  levels: [level(22n, 10n, true), level(12n, 10n, false)],
  rootMask: 0xfffff000n,
  addressBits: 32n,
};

const frameMask = 0x000ffffffffff000n;
const present = 0x001n;
const large = 0x080n;
/** A page on its way to disk or back keeps its frame; a prototype entry leads somewhere else. */
const [prototype, transition] = [0x400n, 0x800n];

const maxTables = 512;
/** What a hostile dump may make the reader read; an honest one needs about a megabyte. */
const maxReadBytes = 32 * 1024 * 1024;

/** Where a page of virtual memory lies, or why it cannot be read. */
type Location = { readonly offset: FileOffset } | { readonly code: MissingCode; readonly message: string };

/** How the page tables of a machine are walked; undefined when that is not known. */
export function findTranslation(header: DumpHeader): Translation | undefined {
  if (header.architecture === 'x64') return fourLevels;
  if (header.architecture === 'x86') return header.usesPae ? threeLevels : twoLevels;
  return undefined;
}

/** The virtual memory of a dump that holds physical pages. */
export class PagedMemory implements Memory {
  readonly #reader: ByteReader;
  readonly #pages: PageMap;
  readonly #translation: Translation;
  readonly #root: bigint;
  readonly #tables = new Map<bigint, DataView>();
  #bytesLeft = maxReadBytes;

  constructor(reader: ByteReader, pages: PageMap, translation: Translation, directoryTableBase: bigint) {
    this.#reader = reader;
    this.#pages = pages;
    this.#translation = translation;
    this.#root = directoryTableBase & translation.rootMask;
  }

  read(address: VirtualAddress, sizeBytes: number): MemoryPiece | undefined {
    const bytes = new Uint8Array(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const at = address + BigInt(done);
      const location = this.#locate(at);
      const length = Math.min(sizeBytes - done, pageBytes - Number(at & 0xfffn));
      const read = 'offset' in location ? this.#readBytes(location.offset, length) : undefined;
      if (!read) return undefined;
      bytes.set(read, done);
      done += length;
    }
    return { address, bytes, origin: 0n };
  }

  /** Why a byte cannot be read. */
  explain(address: VirtualAddress): { readonly code: MissingCode; readonly message: string } {
    const location = this.#locate(address);
    if (!('offset' in location)) return location;
    if (this.#bytesLeft <= 0) return tooMuch;
    return this.#reader.holds(location.offset, 1)
      ? { code: 'unreadable', message: `the page at ${location.offset} is there, but could not be read` }
      : {
          code: 'cut-off',
          message: `the page should stand at ${location.offset}, after the end of the file`,
        };
  }

  #locate(address: VirtualAddress): Location {
    const { levels, addressBits, entryBytes } = this.#translation;
    const unused = address >> (addressBits - 1n);
    const isCanonical = addressBits === 32n ? unused <= 1n : unused === 0n || unused === 0x1ffffn;
    if (!isCanonical || address < 0n)
      return { code: 'not-mapped', message: `${addressText(address)} cannot exist` };
    let table = this.#root;
    for (const { shift, bits, mayBeLarge } of levels) {
      const index = Number((address >> shift) & ((1n << bits) - 1n));
      const entry = this.#entry(table, index, entryBytes);
      if (typeof entry !== 'bigint') return entry;
      const isLast = shift === 12n;
      const isOnItsWay = isLast && (entry & (transition | prototype)) === transition;
      if ((entry & present) === 0n && !isOnItsWay) break;
      const isLarge = mayBeLarge && (entry & large) !== 0n;
      const frame = entry & frameMask;
      if (isLast || isLarge) {
        const within = address & ((1n << shift) - 1n);
        const offset = this.#offsetOf(((frame >> shift) << shift) + within);
        if (offset !== undefined) return { offset };
        return { code: 'not-in-dump', message: `the dump does not hold the page of ${addressText(address)}` };
      }
      table = frame;
    }
    return { code: 'not-mapped', message: `${addressText(address)} led to no memory when Windows crashed` };
  }

  #offsetOf(physical: bigint): FileOffset | undefined {
    const page = this.#pages.find(Number(physical >> 12n));
    return page === undefined ? undefined : page + Number(physical & 0xfffn);
  }

  #entry(table: bigint, index: number, entryBytes: WordBytes): Location | bigint {
    const page = table >> 12n;
    let view = this.#tables.get(page);
    if (!view) {
      const offset = this.#offsetOf(page << 12n);
      if (offset === undefined)
        return {
          code: 'not-in-dump',
          message: `the dump does not hold the page table at ${hexNumber(table)}`,
        };
      const bytes = this.#readBytes(offset, pageBytes);
      if (!bytes) {
        if (this.#bytesLeft <= 0) return tooMuch;
        const isThere = this.#reader.holds(offset, pageBytes);
        const message = `the page table at ${offset} of the file could not be read`;
        return { code: isThere ? 'unreadable' : 'cut-off', message };
      }
      view = viewOf(bytes);
      const oldest = this.#tables.keys().next().value;
      if (this.#tables.size >= maxTables && oldest !== undefined) this.#tables.delete(oldest);
      this.#tables.set(page, view);
    }
    return wordOf(view, Number(table & 0xfffn) + index * entryBytes, entryBytes);
  }

  #readBytes(offset: FileOffset, length: number): Uint8Array | undefined {
    if (this.#bytesLeft <= 0) return undefined;
    this.#bytesLeft -= length;
    return this.#reader.bytes(offset, length);
  }
}

const addressText = (address: VirtualAddress) => `the address ${hexNumber(BigInt.asUintN(64, address))}`;

const tooMuch = {
  code: 'too-many',
  message: 'reading stopped after 32 MB of page tables and memory',
} as const;
