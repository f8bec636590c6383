import type { RequestHandler } from 'express';
import { Refusal } from './refusal.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site made a browser send. A browser says where a request comes from in Sec-Fetch-Site or
 * Origin; one that says neither on an unsafe request is refused too, so scripts must name the origin they mean.
 * Behind a proxy the public origin is ours; without one it is what the request itself is sent to.
 */
export function requireSameOrigin(publicOrigin: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (
      !safeMethods.has(request.method) &&
      !comesFrom(request.get('sec-fetch-site'), request.get('origin'), origin =>
        publicOrigin === undefined ? origin.host === request.get('host') : origin.origin === publicOrigin,
      )
    )
      throw new Refusal('cross-site-request', 'Only pages of this console may send this.');
    next();
  };
}

function comesFrom(
  site: string | undefined,
  origin: string | undefined,
  isOurs: (origin: URL) => boolean,
): boolean {
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site === 'same-origin';
  return URL.canParse(origin) && isOurs(new URL(origin));
}
