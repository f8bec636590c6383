import { type RequestHandler, Router } from 'express';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import type { Incidents } from './incidents.ts';

/** `/api/incidents`, and `/api/events` that tells when to read them again. */
export function consoleRoutes({
  incidents,
  events,
}: {
  incidents: Incidents;
  events: RequestHandler;
}): Router {
  const router = Router();

  router.get('/api/incidents', requireRole('viewer'), async (request, response) => {
    const text = (name: string) => {
      const value = request.query[name];
      return typeof value === 'string' ? value : undefined;
    };
    const query = {
      state: text('state'),
      search: text('search'),
      before: text('before'),
      limit: text('limit'),
    };
    response.json(await incidents.list(signedInOf(request).organizationId, query));
  });

  router.get('/api/incidents/:incidentId', requireRole('viewer'), async (request, response) => {
    const { incidentId } = request.params as { incidentId: string };
    response.json(await incidents.get(signedInOf(request).organizationId, incidentId));
  });

  router.get('/api/events', requireRole('viewer'), events);

  return router;
}
