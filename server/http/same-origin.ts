import type { RequestHandler } from 'express';
import { Refusal } from './refusal.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site made a browser send. A browser says where a request comes from in Sec-Fetch-Site or
 * Origin; one that says neither on an unsafe request is refused too, so scripts must name the origin they mean.
 */
export const requireSameOrigin: RequestHandler = (request, _response, next) => {
  if (
    !safeMethods.has(request.method) &&
    !comesFromHere(request.get('sec-fetch-site'), request.get('origin'), request.get('host'))
  )
    throw new Refusal('cross-site-request', 'Only pages of this console may send this.');
  next();
};

function comesFromHere(
  site: string | undefined,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site === 'same-origin';
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
}
