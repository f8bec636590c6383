import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import { type HostFiles, HostError } from '../../host/host.ts';

const nothing = new Uint8Array(0);
const pageBytes = 16 * 1024;
const maxPages = 16;

/**
 * A file that is read up to a budget, a page at a time. When that is spent, or the disk fails, it holds no more bytes
 * and `stopped` says why: what was read from it so far is not to be believed.
 */
export class BoundedSource implements ByteSource {
  readonly sizeBytes: number;
  stopped: 'unreadable' | 'too-costly' | undefined;
  readonly #files: HostFiles;
  readonly #path: string;
  #leftBytes: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(files: HostFiles, path: string, sizeBytes: number, budgetBytes: number) {
    this.#files = files;
    this.#path = path;
    this.sizeBytes = sizeBytes;
    this.#leftBytes = budgetBytes;
  }

  read(offset: number, lengthBytes: number): Uint8Array {
    const start = Math.min(Math.max(offset, 0), this.sizeBytes);
    const wanted = Math.min(Math.max(lengthBytes, 0), this.sizeBytes - start);
    const index = Math.floor(start / pageBytes);
    const from = start - index * pageBytes;
    if (from + wanted > pageBytes) return this.#take(start, wanted);
    return this.#page(index).subarray(from, from + wanted);
  }

  #page(index: number): Uint8Array {
    const known = this.#pages.get(index);
    if (known) return known;
    const oldest = this.#pages.keys().next().value;
    if (this.#pages.size >= maxPages && oldest !== undefined) this.#pages.delete(oldest);
    const start = index * pageBytes;
    const page = this.#take(start, Math.min(pageBytes, this.sizeBytes - start));
    this.#pages.set(index, page);
    return page;
  }

  #take(start: number, lengthBytes: number): Uint8Array {
    if (lengthBytes > this.#leftBytes) this.stopped ??= 'too-costly';
    if (this.stopped) return nothing;
    this.#leftBytes -= lengthBytes;
    try {
      return this.#files.read(this.#path, start, lengthBytes);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.stopped = 'unreadable';
      return nothing;
    }
  }
}
