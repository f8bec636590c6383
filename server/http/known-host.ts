import type { RequestHandler } from 'express';
import { Refusal } from './refusal.ts';

/**
 * On loopback, answers only to the names of this machine: a page of another site whose name was pointed at 127.0.0.1
 * (DNS rebinding) names itself in Host.
 */
export function requireKnownHost(names: ReadonlySet<string>): RequestHandler {
  return (request, _response, next) => {
    // Not `request.hostname`, which would take a proxy's word for what a page can write into X-Forwarded-Host.
    const host = `http://${request.get('host') ?? ''}`;
    if (!URL.canParse(host) || !names.has(new URL(host).hostname))
      throw new Refusal('not-found', 'This server does not go by that name.');
    next();
  };
}
