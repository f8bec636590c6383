import type { RequestHandler } from 'express';
import { Refusal } from './refusal.ts';

/**
 * On loopback, answers only to the names of this machine: a page of another site whose name was pointed at 127.0.0.1
 * (DNS rebinding) names itself in Host.
 */
export function requireKnownHost(names: ReadonlySet<string>): RequestHandler {
  return (request, _response, next) => {
    if (!names.has(request.hostname)) throw new Refusal('not-found', 'This server does not go by that name.');
    next();
  };
}
