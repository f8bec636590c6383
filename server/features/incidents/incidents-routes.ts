import { type Request, type RequestHandler, Router } from 'express';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { hideNames, hideNamesInList } from './hide-names.ts';
import type { Incidents } from './incidents.ts';

/** `?names=hidden`: names of people and machines are replaced before they leave the server. */
const wantsNoNames = (request: Request) => request.query['names'] === 'hidden';

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
    const list = await incidents.list(signedInOf(request).organizationId, query);
    response.json(wantsNoNames(request) ? hideNamesInList(list) : list);
  });

  router.get('/api/incidents/:incidentId', requireRole('viewer'), async (request, response) => {
    const { incidentId } = request.params as { incidentId: string };
    const detail = await incidents.get(signedInOf(request).organizationId, incidentId);
    response.json(wantsNoNames(request) ? hideNames(detail) : detail);
  });

  router.get('/api/events', requireRole('viewer'), events);

  return router;
}
