import express, { type Express, type RequestHandler } from 'express';
import type { Log } from '../logging/log.ts';
import { errorHandler, refuseUnknown } from './error-handler.ts';
import { nameRequest } from './request-id.ts';

/** What the device listener serves: `/v1` for machines, health for whoever watches. */
export function createDeviceApp(options: {
  readonly routes: readonly RequestHandler[];
  readonly health: RequestHandler;
  readonly log: Log;
}): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.use(nameRequest, options.health, ...options.routes, refuseUnknown, errorHandler(options.log));
  return app;
}
