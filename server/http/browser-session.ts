import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Database } from '../db/database.ts';
import { type Identity, findTokenSignIn } from './console-session.ts';
import type { PublicPlace } from './public-place.ts';

declare module 'express-session' {
  interface SessionData {
    signedIn: Identity;
  }
}

/** How long a person stays signed in without doing anything. */
export const sessionMs = 12 * 60 * 60_000;

export interface BrowserSessions {
  readonly handler: RequestHandler;
  close(): Promise<void>;
}

/** Sessions of browsers, kept in the database; the cookie says nothing and no script can read it. */
export function browserSessions(options: {
  readonly database: Database;
  readonly secret: string;
  /** Whether browsers reach the console over TLS. */
  readonly secure: boolean;
  /** Where a reverse proxy shows the console; undefined without one. */
  readonly publicPlace?: PublicPlace | undefined;
}): BrowserSessions {
  const { secure, publicPlace } = options;
  const path = publicPlace?.path ?? '/';
  const Store = connectPgSimple(session);
  const store = new Store({
    pool: options.database.pool,
    tableName: 'browser_session',
    // `forget-expired` prunes, under its lease
    pruneSessionInterval: false,
    errorLog: () => {},
  });
  const handler = session({
    store,
    secret: options.secret,
    name: nameOf(secure, path),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    // Then `arriveAt` has written by which scheme the request came.
    proxy: publicPlace !== undefined,
    cookie: { httpOnly: true, sameSite: 'strict', secure, maxAge: sessionMs, path },
  });
  return { handler, close: async () => store.close() };
}

/** Browsers hold these prefixes to what they say: `__Host-` also to the path `/`. */
function nameOf(secure: boolean, path: string): string {
  if (!secure) return 'bootmend';
  return path === '/' ? '__Host-bootmend' : '__Secure-bootmend';
}

/** Signs a person in under a new session id, so that an id planted before is worth nothing. */
export async function beginSession(request: Request, signedIn: Identity): Promise<void> {
  await finished(done => request.session.regenerate(done));
  request.session.signedIn = signedIn;
  await finished(done => request.session.save(done));
}

/** When the session ends if nothing more is done, or the token does. */
export const sessionEndsAt = (request: Request): Date =>
  findTokenSignIn(request)?.expiresAt ?? request.session.cookie.expires ?? new Date(Date.now() + sessionMs);

/** Signs out; the session is gone from the database too. */
export async function endSession(request: Request): Promise<void> {
  await finished(done => request.session.destroy(done));
}

function finished(work: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    work(error => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
