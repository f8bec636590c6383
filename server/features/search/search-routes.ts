import { Router } from 'express';
import { searchEndpoints } from '../../../shared/api/search.ts';
import { serve } from '../../http/serve.ts';
import type { Search } from './search.ts';

/** Ctrl+K. */
export function consoleRoutes({ search }: { search: Search }): Router {
  const router = Router();
  serve(router, searchEndpoints.find, ({ person, query }) => search.find(person.organizationId, query.for));
  return router;
}
