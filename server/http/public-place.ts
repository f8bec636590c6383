import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refusal } from './refusal.ts';

/** Where people reach the console behind a reverse proxy. */
export interface PublicPlace {
  /** `https://mend.example.org`, with a port when it is not the usual one. */
  readonly origin: string;
  /** With a slash at both ends: `/bootmend/`; `/` when the console has the whole host. */
  readonly path: string;
  readonly isSecure: boolean;
}

/** The address of a page, or of the console itself. */
export const publicAddress = ({ origin, path }: PublicPlace, page = ''): string => `${origin}${path}${page}`;

/**
 * Makes a request say that it came by the scheme of the public address. The address is set by the admin; what a proxy
 * says of it, or forgets to say, decides nothing.
 */
export function arriveAt({ isSecure }: PublicPlace): RequestHandler {
  const scheme = isSecure ? 'https' : 'http';
  return (request: IncomingMessage, _response, next) => {
    request.headers['x-forwarded-proto'] = scheme;
    next();
  };
}

/** What is asked for outside the public path: most often a proxy that takes the path away. */
export function refuseOutside(path: string): RequestHandler {
  return () => {
    throw new Refusal(
      'not-found',
      `The console is at ${path} and nowhere else; a proxy must pass the path on as it is.`,
    );
  };
}
