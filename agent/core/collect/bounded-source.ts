import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import { type HostFiles, HostError } from '../../host/host.ts';

const nothing = new Uint8Array(0);

/**
 * A file that is read up to a budget. Then, or when the disk fails, it holds no more bytes and `stopped` says why:
 * what was read from it so far is not to be believed.
 */
export class BoundedSource implements ByteSource {
  readonly sizeBytes: number;
  stopped: 'unreadable' | 'too-costly' | undefined;
  readonly #files: HostFiles;
  readonly #path: string;
  #leftBytes: number;

  constructor(files: HostFiles, path: string, sizeBytes: number, budgetBytes: number) {
    this.#files = files;
    this.#path = path;
    this.sizeBytes = sizeBytes;
    this.#leftBytes = budgetBytes;
  }

  read(offset: number, lengthBytes: number): Uint8Array {
    const start = Math.max(offset, 0);
    const wanted = Math.min(Math.max(lengthBytes, 0), Math.max(this.sizeBytes - start, 0));
    if (wanted > this.#leftBytes) this.stopped ??= 'too-costly';
    if (this.stopped) return nothing;
    this.#leftBytes -= wanted;
    try {
      return this.#files.read(this.#path, start, wanted);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.stopped = 'unreadable';
      return nothing;
    }
  }
}
