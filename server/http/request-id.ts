import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

const ids = new WeakMap<Request, string>();

/** Names each request in its answer, so that a person can find it in the log. Ids of clients are not taken over. */
export const nameRequest: RequestHandler = (request, response, next) => {
  const id = randomUUID();
  ids.set(request, id);
  response.set('x-request-id', id);
  next();
};

export const requestIdOf = (request: Request): string | undefined => ids.get(request);
