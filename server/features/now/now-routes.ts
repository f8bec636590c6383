import { Router } from 'express';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import type { Now } from './now.ts';

/** `/api/now`: the first screen. */
export function consoleRoutes({ now }: { now: Now }): Router {
  const router = Router();
  router.get('/api/now', requireRole('viewer'), async (request, response) => {
    response.json(await now.read(signedInOf(request).organizationId));
  });
  return router;
}
