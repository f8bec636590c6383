import { Router } from 'express';
import { apiDocumentEndpoints } from '../../../shared/api/api-document.ts';
import { endpointGroups } from '../../../shared/api/endpoints.ts';
import { serve } from '../../http/serve.ts';
import { apiDocumentOf } from './api-document.ts';

/** What the API is, for programs and for the page that shows it; `place` is where the console stands. */
export function consoleRoutes({
  version,
  place,
}: {
  readonly version: string;
  readonly place: string;
}): Router {
  const router = Router();
  const document = apiDocumentOf(endpointGroups, version);
  const servers = [{ url: place === '/' ? place : place.slice(0, -1) }];
  serve(router, apiDocumentEndpoints.read, () => ({ ...document, servers }));
  return router;
}
