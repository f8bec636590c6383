import express, { type Express, type RequestHandler, Router } from 'express';
import type { Log } from '../logging/log.ts';
import { bearerTokens, unlessToken } from './bearer-token.ts';
import { consoleFiles } from './console-files.ts';
import { errorHandler, refuseUnknown } from './error-handler.ts';
import { requireKnownHost } from './known-host.ts';
import type { TokenSignIn } from './console-session.ts';
import { arriveAt, type PublicPlace, refuseOutside } from './public-place.ts';
import { nameRequest } from './request-id.ts';
import { requireSameOrigin } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';

/** What the console listener serves: `/api` for the pages, the pages, health; below its public path if it has one. */
export function createConsoleApp(options: {
  readonly routes: readonly RequestHandler[];
  readonly sessions: RequestHandler;
  /** Who the secret of an API token signs in. */
  readonly findToken: (secret: string) => Promise<TokenSignIn | undefined>;
  readonly health: RequestHandler;
  /** Folder of the built pages; undefined serves the API alone. */
  readonly filesDir: string | undefined;
  readonly secure: boolean;
  /** The only names the console answers to; undefined answers to any. */
  readonly hostNames: ReadonlySet<string> | undefined;
  /** Where a reverse proxy shows the console; undefined without one. */
  readonly publicPlace?: PublicPlace | undefined;
  /** Addresses and networks whose word on where a request comes from is taken. */
  readonly trustedProxies?: readonly string[];
  readonly log: Log;
}): Express {
  const { health, secure, hostNames, publicPlace, trustedProxies = [], log } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('trust proxy', publicPlace ? trustedProxies : false);
  app.use(nameRequest, securityHeaders({ secure }));
  if (hostNames) app.use(requireKnownHost(hostNames));
  const path = publicPlace?.path ?? '/';
  // What watches the server need not know where people reach it.
  if (path !== '/') app.use(health);
  if (publicPlace) app.use(arriveAt(publicPlace));
  app.use(path, consoleAt(path, options));
  if (path !== '/') app.use(refuseOutside(path));
  app.use(refuseUnknown, errorHandler(log));
  return app;
}

function consoleAt(
  path: string,
  { routes, sessions, findToken, health, filesDir, publicPlace }: Parameters<typeof createConsoleApp>[0],
): Router {
  const router = Router();
  const noStore: RequestHandler = (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  };
  const sameOrigin = requireSameOrigin(publicPlace?.origin);
  router.use(health);
  router.use('/api', noStore, bearerTokens(findToken));
  router.use('/api', unlessToken(sameOrigin), unlessToken(sessions), express.json({ limit: '1mb' }));
  router.use(...routes);
  router.use('/api', refuseUnknown);
  if (filesDir !== undefined) router.use(consoleFiles(filesDir, path));
  return router;
}
