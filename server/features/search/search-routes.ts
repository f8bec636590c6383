import { Router } from 'express';
import { searchQuery } from '../../../shared/api/search.ts';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { queryOf } from '../../http/message.ts';
import type { Search } from './search.ts';

/** `/api/search`: Ctrl+K. */
export function consoleRoutes({ search }: { search: Search }): Router {
  const router = Router();
  router.get('/api/search', requireRole('viewer'), async (request, response) => {
    const { for: text } = queryOf(request, searchQuery);
    response.json(await search.find(signedInOf(request).organizationId, text));
  });
  return router;
}
