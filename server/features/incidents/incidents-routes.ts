import { type RequestHandler, Router } from 'express';
import { incidentEndpoints } from '../../../shared/api/incident.ts';
import { liveEndpoints } from '../../../shared/api/live-event.ts';
import { savedFilterEndpoints } from '../../../shared/api/saved-filter.ts';
import { serve, serveStream } from '../../http/serve.ts';
import { hideNames, hideNamesInList } from './hide-names.ts';
import type { PersonActs } from '../intake/person-acts.ts';
import type { Incidents } from './incidents.ts';
import type { SavedFiltersStore } from './saved-filters-store.ts';

/** The list of incidents, their pages, what people do about them, and the stream that tells when to read again. */
export function consoleRoutes({
  incidents,
  acts,
  filters,
  clock,
  events,
}: {
  incidents: Incidents;
  acts: PersonActs;
  filters: SavedFiltersStore;
  clock: () => Date;
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
  serve(router, incidentEndpoints.retry, ({ person, params }) => acts.retry(person, params.incidentId));
  serve(router, incidentEndpoints.assign, ({ person, params, body }) =>
    acts.assign(person, params.incidentId, body.remediationId),
  );
  serve(router, incidentEndpoints.markHealed, ({ person, params, body }) =>
    acts.markHealed(person, params.incidentId, body.note),
  );
  serve(router, savedFilterEndpoints.list, async ({ person }) => ({ filters: await filters.list(person) }));
  serve(router, savedFilterEndpoints.save, ({ person, body }) => filters.save(person, body, clock()));
  serve(router, savedFilterEndpoints.forget, ({ person, params }) => filters.forget(person, params.name));
  serveStream(router, liveEndpoints.events, events);
  return router;
}
