import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Problem } from '../../shared/api/problem.ts';
import { DatabaseUnavailable, isAway } from '../db/database-unavailable.ts';
import type { Log } from '../logging/log.ts';
import { requestIdOf } from './request-id.ts';
import { Refusal } from './refusal.ts';

/** The body of every request that is refused, on both listeners. */
const problemOf = ({ code, message, path, role }: Refusal): Problem => ({
  error: { code, message, ...(path === undefined ? {} : { path }), ...(role === undefined ? {} : { role }) },
});

/** Answers what was thrown and logs it once: refusals for us, outages as healing, bugs for a person. */
export function errorHandler(log: Log): ErrorRequestHandler {
  // express knows an error handler by its four parameters
  return (error: unknown, request, response, _next) => {
    const refusal = refusalOf(error);
    logOnce(log, refusal, error, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    send(refusal, request, response);
  };
}

/** What nobody routes. */
export const refuseUnknown: RequestHandler = request => {
  throw new Refusal('not-found', `There is nothing at ${request.method} ${request.path}.`);
};

/** A body this large is not worth reading to its end after its request was refused. */
const drainedBytes = 16 * 1024 * 1024;

function send(refusal: Refusal, request: Request, response: Response): void {
  if (refusal.retryAfterSeconds !== undefined) response.set('retry-after', String(refusal.retryAfterSeconds));
  const length = Number(request.get('content-length') ?? Infinity);
  if (!request.complete && request.get('transfer-encoding') !== undefined)
    response.set('connection', 'close');
  else if (!request.complete && Number.isFinite(length) && length > drainedBytes)
    response.set('connection', 'close');
  response.status(refusal.status).set('cache-control', 'no-store').json(problemOf(refusal));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DatabaseUnavailable || isAway(error))
    return new Refusal(
      'database-unavailable',
      'The database does not answer now; nothing was lost. Try again soon.',
      {
        retryAfterSeconds: 5,
        cause: error,
      },
    );
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const known = typeof status === 'number' ? refusalOfStatus(status) : undefined;
  return (
    known ?? new Refusal('internal-error', 'The server failed at this; its log says why.', { cause: error })
  );
}

/** What express and its body reader refuse by themselves. */
function refusalOfStatus(status: number): Refusal | undefined {
  if (status === 413) return new Refusal('body-too-large', 'The body is larger than what is accepted here.');
  if (status === 415)
    return new Refusal('unsupported-media-type', 'This encoding or type is not accepted here.');
  if (status === 403 || status === 404)
    return new Refusal('not-found', 'There is nothing here by that name.');
  if (status >= 400 && status < 500)
    return new Refusal(
      'malformed-json',
      'The request cannot be read: JSON in UTF-8 and a valid path are accepted.',
    );
  return undefined;
}

function logOnce(log: Log, refusal: Refusal, error: unknown, request: Request): void {
  const fields = {
    code: refusal.code,
    method: request.method,
    path: request.path,
    requestId: requestIdOf(request),
  };
  if (refusal.code === 'internal-error') log.error('a request failed', fields, error);
  else if (refusal.status >= 500) log.warn('a request was put off', fields, refusal.cause);
  else log.debug('a request was refused', { ...fields, reason: refusal.message });
}
