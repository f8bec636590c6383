import { finished, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Refusal } from './refusal.ts';

/**
 * What a deflated stream holds (RFC 1951), inflated no faster than it is read: who destroys it at a limit stops the
 * inflating, however much would follow. Bytes that are not deflated, break off or go on behind their end fail with a
 * Refusal. The deflated stream itself is never destroyed.
 */
export const inflatedStream = (deflated: Readable): Readable => Readable.from(inflate(deflated));

async function* inflate(deflated: Readable): AsyncGenerator<Buffer> {
  const inflating = createInflateRaw();
  let arrivedBytes = 0;
  const count = (chunk: Buffer) => void (arrivedBytes += chunk.length);
  deflated.on('data', count).pipe(inflating);
  const forget = finished(deflated, error => error && inflating.destroy(error));
  try {
    yield* inflating as AsyncIterable<Buffer>;
    if (inflating.bytesWritten !== arrivedBytes) throw notDeflated('more bytes stand behind their end');
  } catch (error) {
    throw isOfZlib(error) ? notDeflated(error.message, error) : error;
  } finally {
    forget();
    deflated.off('data', count).unpipe(inflating);
    inflating.destroy();
  }
}

const isOfZlib = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

const notDeflated = (why: string, cause?: Error) =>
  new Refusal('malformed-upload', `The bytes are not deflated as RFC 1951 says: ${why}.`, {
    path: 'encoding',
    cause,
  });
