import { ByteCanvas } from './byte-canvas.ts';

/** How the processor of a lab machine finds memory: x64, or x86 with and without 64-bit page table entries. */
export type Paging = 'x64' | 'pae' | 'x86';

/**
 * How a page is mapped: with an entry of its own; as a part of a 2 MB (4 MB on plain x86) or a 1 GB page; on its way
 * to disk, so that the entry says "not present" and still has its frame; or present, but left out of the dump.
 */
export type Mapping = 'small' | 'large' | 'huge' | 'transition' | 'left-out';

interface Level {
  readonly shift: bigint;
  readonly bits: bigint;
}

const levels: Readonly<Record<Paging, readonly Level[]>> = {
  x64: [39n, 30n, 21n, 12n].map(shift => ({ shift, bits: 9n })),
  pae: [
    { shift: 30n, bits: 2n },
    { shift: 21n, bits: 9n },
    { shift: 12n, bits: 9n },
  ],
  x86: [
    { shift: 22n, bits: 10n },
    { shift: 12n, bits: 10n },
  ],
};

const pageBytes = 4096;
const tablePage = 0x1ad;

/** The memory of a lab machine: page tables, and pages of which only those written to exist. */
export class PhysicalMemory {
  /** By page number. */
  readonly pages = new Map<number, Uint8Array>();
  readonly paging: Paging;
  /** Where the page tables start, with the number of an address space in its lowest bits as Windows has it. */
  readonly directoryTableBase: bigint;
  readonly #root: number;
  readonly #stride: number;
  #nextPage: number;
  /** Physical page of each virtual one. */
  readonly #mapped = new Map<bigint, number>();
  readonly #leftOut = new Set<number>();

  /** Pages are handed out from `firstPage` on, `stride` apart; more than 1 scatters them as on a real machine. */
  constructor(paging: Paging, { firstPage = tablePage, stride = 1 } = {}) {
    this.paging = paging;
    this.#stride = stride;
    this.#nextPage = firstPage;
    this.#root = this.#allocate();
    this.directoryTableBase =
      BigInt(this.#root) * 4096n + (paging === 'x64' ? 2n : paging === 'pae' ? 0x20n : 0n);
  }

  map(address: bigint, mapping: Mapping = 'small'): void {
    const virtualPage = address >> 12n;
    if (this.#mapped.has(virtualPage)) return;
    if (mapping === 'large') return this.#mapLarge(address, this.paging === 'x86' ? 22n : 21n);
    if (mapping === 'huge') return this.#mapLarge(address, 30n);
    const page = this.#allocate();
    this.#mapped.set(virtualPage, page);
    if (mapping === 'left-out') {
      this.#leftOut.add(page);
      this.pages.delete(page);
    }
    const flags = mapping === 'transition' ? 0x880n : 0x8000000000000163n;
    this.#setEntry(address, 12n, page, this.paging === 'x86' ? flags & 0xfffn : flags);
  }

  write(address: bigint, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const at = address + BigInt(done);
      this.map(at);
      const into = Number(at & 0xfffn);
      const part = bytes.subarray(done, done + pageBytes - into);
      const page = this.#mapped.get(at >> 12n)!;
      if (!this.#leftOut.has(page)) this.#bytesOf(page).set(part, into);
      done += part.length;
    }
  }

  /** Reads a word that lies in one page and was written before. */
  readU64(address: bigint): bigint {
    const page = this.#mapped.get(address >> 12n)!;
    return this.#view(page).getBigUint64(Number(address & 0xfffn), true);
  }

  /** Writes a structure that is drawn on a canvas of its own. */
  draw(address: bigint, sizeBytes: number, drawOn: (canvas: ByteCanvas) => void): void {
    const canvas = new ByteCanvas();
    canvas.reserve(sizeBytes);
    drawOn(canvas);
    this.write(address, canvas.finish());
  }

  #mapLarge(address: bigint, shift: bigint): void {
    const pageCount = 1 << (Number(shift) - 12);
    const first = Math.ceil(this.#nextPage / pageCount) * pageCount;
    this.#nextPage = first + pageCount;
    const start = (address >> shift) << shift;
    for (let index = 0; index < pageCount; index++)
      this.#mapped.set((start >> 12n) + BigInt(index), first + index);
    this.#setEntry(address, shift, first, 0x1e3n);
  }

  #setEntry(address: bigint, lastShift: bigint, page: number, flags: bigint): void {
    let table = this.#root;
    let into = this.paging === 'pae' ? 0x20 : 0;
    for (const { shift, bits } of levels[this.paging]) {
      const index = Number((address >> shift) & ((1n << bits) - 1n));
      const at = into + index * (this.paging === 'x86' ? 4 : 8);
      if (shift === lastShift) return this.#writeEntry(table, at, (BigInt(page) << 12n) | flags);
      let next = this.#readEntry(table, at);
      if (next === 0) {
        next = this.#allocate();
        const isTop = this.paging === 'pae' && shift === 30n;
        this.#writeEntry(table, at, (BigInt(next) << 12n) | (isTop ? 1n : 0x63n));
      }
      table = next;
      into = 0;
    }
  }

  #writeEntry(table: number, at: number, entry: bigint): void {
    const view = this.#view(table);
    if (this.paging === 'x86') view.setUint32(at, Number(entry), true);
    else view.setBigUint64(at, entry, true);
  }

  #readEntry(table: number, at: number): number {
    const view = this.#view(table);
    const entry = this.paging === 'x86' ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true);
    return Number((entry & 0xffffffffff000n) >> 12n);
  }

  #allocate(): number {
    const page = this.#nextPage;
    this.#nextPage += this.#stride;
    this.#bytesOf(page);
    return page;
  }

  #bytesOf(page: number): Uint8Array {
    const known = this.pages.get(page);
    if (known) return known;
    const bytes = new Uint8Array(pageBytes);
    this.pages.set(page, bytes);
    return bytes;
  }

  #view(page: number): DataView {
    return new DataView(this.#bytesOf(page).buffer);
  }
}
