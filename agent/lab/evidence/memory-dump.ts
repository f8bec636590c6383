import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import { ByteCanvas } from './byte-canvas.ts';
import { writeDumpHeader } from './dump-header.ts';
import { writeDumpHeader32 } from './dump-header-32.ts';
import { type KernelMemoryOptions, buildKernelMemory } from './kernel-memory.ts';
import { writeTaggedData } from './tagged-data.ts';
import type { LabCrash } from './triage-dump.ts';

/** First page and number of pages. */
export type PageRun = readonly [page: number, count: number];

export interface MemoryDumpOptions extends KernelMemoryOptions {
  /** 1 full; 2, 5, 6 with a bitmap; 8, 9, 10 with ranges of pages. */
  readonly dumpType: 1 | 2 | 5 | 6 | 8 | 9 | 10;
  readonly attributes?: number;
  readonly architecture?: 'x64' | 'arm64';
  /** Pages the dump holds; those that nothing was written to are zeros. Else only pages with content. */
  readonly runs?: readonly PageRun[];
}

const pageBytes = 4096;

/** Builds a dump with the memory of a whole machine as a source that makes its bytes when they are read. */
export function memoryDumpSource(crash: LabCrash, options: MemoryDumpOptions): ByteSource {
  const kernel = buildKernelMemory(crash, options);
  const { pages, directoryTableBase } = kernel.memory;
  const runs = options.runs ?? runsOf([...pages.keys()].sort((a, b) => a - b));
  const isWide = kernel.memory.paging === 'x64';

  const canvas = new ByteCanvas();
  const pageCount = runs.reduce((sum, [, count]) => sum + count, 0);
  const header = { ...options, ...kernel, directoryTableBase, runs };
  if (isWide) writeDumpHeader(canvas, crash, { ...header, ...(options.dumpType !== 1 && { runs: [] }) });
  else writeDumpHeader32(canvas, crash, { ...header, usesPae: kernel.memory.paging === 'pae' });
  if ([2, 5, 6].includes(options.dumpType)) writeBitmap(canvas, runs, options.dumpType);
  if (options.dumpType >= 8) writeRanges(canvas, runs, options.dumpType);
  const front = canvas.finish();

  const back = new ByteCanvas();
  writeTaggedData(back, crash.logonState);
  return joined(front, { runs, pages, sizeBytes: pageCount * pageBytes }, back.finish());
}

/** The same as bytes; for dumps of a few megabytes. */
export function buildMemoryDump(crash: LabCrash, options: MemoryDumpOptions): Uint8Array {
  const source = memoryDumpSource(crash, options);
  return source.read(0, source.sizeBytes);
}

function runsOf(pages: readonly number[]): PageRun[] {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  return runs;
}

/** A bit for each page of the machine up to the last one in the dump; pages follow at once, at no round place. */
function writeBitmap(canvas: ByteCanvas, runs: readonly PageRun[], dumpType: number): void {
  const pageCount = Math.max(...runs.map(([page, count]) => page + count)) + 3;
  const bitmap = new Uint8Array(Math.ceil(pageCount / 8));
  for (const [first, count] of runs)
    for (let page = first; page < first + count; page++) bitmap[page >> 3]! |= 1 << (page & 7);
  canvas.ascii(0x2000, dumpType === 5 ? 'FDMPDUMP' : 'SDMPDUMP');
  canvas.reserve(0x30);
  canvas.u64(0x2020, BigInt(0x2038 + bitmap.length));
  canvas.u64(0x2028, BigInt(runs.reduce((sum, [, count]) => sum + count, 0)));
  canvas.u64(0x2030, BigInt(pageCount));
  canvas.append(bitmap);
}

function writeRanges(canvas: ByteCanvas, runs: readonly PageRun[], dumpType: number): void {
  const first = 0x2030;
  const end = first + runs.length * 16 + (dumpType === 10 ? 0 : 16);
  const firstPage = Math.ceil(end / pageBytes) * pageBytes;
  canvas.reserve(firstPage - canvas.end);
  canvas.u32(0x2000, 0x40);
  canvas.ascii(0x2004, 'RDMPDUMP');
  canvas.u64(0x2010, BigInt(firstPage - 0x2020));
  canvas.u64(0x2018, BigInt(firstPage));
  if (dumpType === 10) {
    canvas.u32(0x2020, runs.length);
    canvas.u64(0x2028, BigInt(runs.reduce((sum, [, count]) => sum + count, 0)));
  }
  runs.forEach(([page, count], index) => {
    canvas.u64(first + index * 16, BigInt(page));
    canvas.u64(first + index * 16 + 8, BigInt(count));
  });
}

interface PackedPages {
  readonly runs: readonly PageRun[];
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly sizeBytes: number;
}

function joined(front: Uint8Array, packed: PackedPages, back: Uint8Array): ByteSource {
  const backAt = front.length + packed.sizeBytes;
  const sizeBytes = backAt + back.length;
  return {
    sizeBytes,
    read(offset, lengthBytes) {
      const start = Math.min(Math.max(offset, 0), sizeBytes);
      const bytes = new Uint8Array(Math.min(Math.max(lengthBytes, 0), sizeBytes - start));
      const put = (from: number, piece: Uint8Array) => {
        const begin = Math.max(start, from);
        const end = Math.min(start + bytes.length, from + piece.length);
        if (begin < end) bytes.set(piece.subarray(begin - from, end - from), begin - start);
      };
      put(0, front);
      put(backAt, back);
      let runAt = front.length;
      for (const [page, count] of packed.runs) {
        const from = Math.max(0, Math.floor((start - runAt) / pageBytes));
        const to = Math.min(count, Math.ceil((start + bytes.length - runAt) / pageBytes));
        for (let index = from; index < to; index++) {
          const content = packed.pages.get(page + index);
          if (content) put(runAt + index * pageBytes, content);
        }
        runAt += count * pageBytes;
      }
      return bytes;
    },
  };
}

/** A page file in which Windows left a dump: the dump stands at its start, older content goes on behind it. */
export function pageFileSource(dump: Uint8Array, sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    read(offset, lengthBytes) {
      const start = Math.min(Math.max(offset, 0), sizeBytes);
      const bytes = new Uint8Array(Math.min(Math.max(lengthBytes, 0), sizeBytes - start)).fill(0xa5);
      if (start < dump.length) bytes.set(dump.subarray(start, start + bytes.length));
      return bytes;
    },
  };
}
