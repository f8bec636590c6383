import { type RequestHandler, Router } from 'express';
import { incidentEndpoints } from '../../../shared/api/incident.ts';
import { liveEndpoints } from '../../../shared/api/live-event.ts';
import { serve, serveStream } from '../../http/serve.ts';
import { hideNames, hideNamesInList } from './hide-names.ts';
import type { Incidents } from './incidents.ts';

/** The list of incidents, their pages, and the stream that tells when to read them again. */
export function consoleRoutes({
  incidents,
  events,
}: {
  incidents: Incidents;
  events: RequestHandler;
}): Router {
  const router = Router();
  serve(router, incidentEndpoints.list, async ({ person, query }) => {
    const list = await incidents.list(person.organizationId, query);
    return query.names === 'hidden' ? hideNamesInList(list) : list;
  });
  serve(router, incidentEndpoints.get, async ({ person, params, query }) => {
    const detail = await incidents.get(person.organizationId, params.incidentId);
    return query.names === 'hidden' ? hideNames(detail) : detail;
  });
  serveStream(router, liveEndpoints.events, events);
  return router;
}
