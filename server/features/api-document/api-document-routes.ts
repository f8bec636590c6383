import { Router } from 'express';
import { apiDocumentEndpoints } from '../../../shared/api/api-document.ts';
import { endpointGroups } from '../../../shared/api/endpoints.ts';
import { serve } from '../../http/serve.ts';
import { apiDocumentOf } from './api-document.ts';

/** What the API is, for programs and for the page that shows it. */
export function consoleRoutes({ version }: { readonly version: string }): Router {
  const router = Router();
  const document = apiDocumentOf(endpointGroups, version);
  serve(router, apiDocumentEndpoints.read, () => document);
  return router;
}
