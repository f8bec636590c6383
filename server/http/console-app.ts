import express, { type Express, type RequestHandler } from 'express';
import type { Log } from '../logging/log.ts';
import { bearerTokens, unlessToken } from './bearer-token.ts';
import { consoleFiles } from './console-files.ts';
import { errorHandler, refuseUnknown } from './error-handler.ts';
import { requireKnownHost } from './known-host.ts';
import type { TokenSignIn } from './console-session.ts';
import { nameRequest } from './request-id.ts';
import { requireSameOrigin } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';

/** What the console listener serves: `/api` for the pages, the pages, health. */
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
  readonly log: Log;
}): Express {
  const { routes, sessions, findToken, health, filesDir, secure, hostNames, log } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(nameRequest, securityHeaders({ secure }));
  if (hostNames) app.use(requireKnownHost(hostNames));
  app.use(health);
  const noStore: RequestHandler = (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  };
  app.use('/api', noStore, bearerTokens(findToken));
  app.use('/api', unlessToken(requireSameOrigin), unlessToken(sessions), express.json({ limit: '1mb' }));
  app.use(...routes);
  app.use('/api', refuseUnknown);
  if (filesDir !== undefined) app.use(consoleFiles(filesDir));
  app.use(refuseUnknown, errorHandler(log));
  return app;
}
