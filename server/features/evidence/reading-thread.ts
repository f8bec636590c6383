import { Worker } from 'node:worker_threads';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { type EvidenceReading, type ReadingProblem, unreadable } from './evidence-reading.ts';
import type { RedactionResult } from './redact-evidence.ts';

const longestReadingMs = 20_000;
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
const workerFile = new URL('evidence-worker.ts', import.meta.url);

interface Piece {
  readonly kind: EvidenceKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the thread is asked to do with a piece of evidence. */
export type EvidenceTask =
  ({ readonly does: 'read' } & Piece) | ({ readonly does: 'redact'; readonly host: string } & Piece);

const problems: Readonly<Record<'died' | 'too-slow', ReadingProblem>> = {
  died: { code: 'reader-died', message: 'Reading this file failed or took too much memory.' },
  'too-slow': { code: 'reader-too-slow', message: 'Reading this file took longer than it may.' },
};

/** A thread that reads evidence, one piece at a time; a new one is started when a file killed it. */
export class ReadingThread {
  readonly #file: URL;
  readonly #longestMs: number;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ file = workerFile, longestMs = longestReadingMs } = {}) {
    this.#file = file;
    this.#longestMs = longestMs;
  }

  /** Reads a piece; a file that takes too long or too much memory is unreadable, and says so. */
  async read(kind: EvidenceKind, bytes: Uint8Array<ArrayBuffer>): Promise<EvidenceReading> {
    const end = await this.#inTurn<EvidenceReading>({ does: 'read', kind, bytes });
    return typeof end === 'object' ? end : unreadable(problems[end]);
  }

  /** Takes names out of a piece of a machine, with the same bounds. */
  async redact(kind: EvidenceKind, bytes: Uint8Array<ArrayBuffer>, host: string): Promise<RedactionResult> {
    const end = await this.#inTurn<RedactionResult>({ does: 'redact', kind, bytes, host });
    return typeof end === 'object' ? end : { ok: false, problem: problems[end] };
  }

  #inTurn<Answer extends object>(task: EvidenceTask): Promise<Answer | 'died' | 'too-slow'> {
    const done = this.#last.then(async () => {
      const worker = (this.#worker ??= this.#start());
      const end = await this.#askFor<Answer>(worker, task);
      if (typeof end !== 'object') await this.close();
      return end;
    });
    this.#last = done.catch(() => {});
    return done;
  }

  #askFor<Answer extends object>(worker: Worker, task: EvidenceTask): Promise<Answer | 'died' | 'too-slow'> {
    return new Promise(resolve => {
      const settle = (end: Answer | 'died' | 'too-slow') => {
        clearTimeout(timer);
        worker.off('message', settle).off('exit', die);
        resolve(end);
      };
      const die = () => settle('died');
      const timer = setTimeout(() => settle('too-slow'), this.#longestMs);
      worker.once('message', settle).once('exit', die);
      worker.postMessage(task, [task.bytes.buffer]);
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
