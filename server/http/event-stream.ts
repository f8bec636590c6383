import type { RequestHandler, Response } from 'express';

const heartbeatMs = 15_000;
const reconnectMs = 2000;
/** A reader that is this far behind is dropped; it reconnects and reads the truth from the API. */
const maxBacklogBytes = 256 * 1024;

/** Server-sent events to every console that listens. Events are hints and may be lost. */
export class EventStream<Event extends object> {
  readonly #readers = new Set<Response>();
  readonly #maxReaders: number;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(maxReaders = 500) {
    this.#maxReaders = maxReaders;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** The route that a console listens on. */
  readonly handler: RequestHandler = (request, response) => {
    if (this.#readers.size >= this.#maxReaders) {
      response.status(503).set('retry-after', '10').end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // A proxy that compresses would hold events back.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${reconnectMs}\n\n`);
    this.#readers.add(response);
    this.#heartbeat ??= setInterval(() => this.#write(': still here\n\n'), heartbeatMs).unref();
    request.once('close', () => this.#drop(response));
    response.once('close', () => this.#drop(response));
  };

  send(event: Event): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** Ends every connection, so that the listener can stop. */
  close(): void {
    for (const reader of this.#readers) this.#drop(reader);
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > maxBacklogBytes) this.#drop(reader);
      else reader.write(text);
    }
  }

  #drop(reader: Response): void {
    if (!this.#readers.delete(reader)) return;
    reader.end();
    if (this.#readers.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}
