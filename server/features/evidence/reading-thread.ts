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
    const end = await this.#askFor(worker, { kind, bytes });
    if (typeof end === 'object') return end;
    await this.close();
    return end === 'died'
      ? unreadable({ code: 'reader-died', message: 'Reading this file failed or took too much memory.' })
      : unreadable({ code: 'reader-too-slow', message: 'Reading this file took longer than it may.' });
  }

  #askFor(
    worker: Worker,
    question: { kind: EvidenceKind; bytes: Uint8Array<ArrayBuffer> },
  ): Promise<EvidenceReading | 'died' | 'too-slow'> {
    return new Promise(resolve => {
      const settle = (end: EvidenceReading | 'died' | 'too-slow') => {
        clearTimeout(timer);
        worker.off('message', settle).off('exit', die);
        resolve(end);
      };
      const die = () => settle('died');
      const timer = setTimeout(() => settle('too-slow'), this.#longestMs);
      worker.once('message', settle).once('exit', die);
      worker.postMessage(question, [question.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { resourceLimits, env: {}, stdin: false });
    worker.unref();
    // An error is followed by an exit, which settles the question.
    worker.on('error', () => {});
    return worker;
  }
}
