import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { type EvidenceReading, unreadable } from './evidence-reading.ts';

const longestReadingMs = 20_000;
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
const workerFile = new URL('evidence-worker.ts', import.meta.url);

/** A thread that reads evidence, one piece at a time; a new one is started when a file killed it. */
export class ReadingThread {
  readonly #file: URL;
  readonly #longestMs: number;
  #worker: Worker | undefined;

  constructor({ file = workerFile, longestMs = longestReadingMs } = {}) {
    this.#file = file;
    this.#longestMs = longestMs;
  }

  /** Reads a piece; a file that takes too long or too much memory is unreadable, and says so. */
  async read(kind: EvidenceKind, bytes: Uint8Array<ArrayBuffer>): Promise<EvidenceReading> {
    const worker = (this.#worker ??= this.#start());
    const settled = new AbortController();
    const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(this.#longestMs)]);
    const answered = once(worker, 'message', { signal }) as Promise<[EvidenceReading]>;
    const ended = once(worker, 'exit', { signal: settled.signal });
    try {
      worker.postMessage({ kind, bytes }, [bytes.buffer]);
      const first = await Promise.race([answered, ended.then(() => undefined)]);
      if (first) return first[0];
      this.#worker = undefined;
      return unreadable({ code: 'reader-died', message: 'Reading this file took more memory than it may.' });
    } catch {
      await this.close();
      return unreadable({ code: 'reader-too-slow', message: 'Reading this file took longer than it may.' });
    } finally {
      settled.abort();
      await Promise.allSettled([answered, ended]);
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { resourceLimits, env: {}, stdin: false });
    worker.unref();
    // An error is followed by an exit, which `read` waits for.
    worker.on('error', () => {});
    return worker;
  }
}
