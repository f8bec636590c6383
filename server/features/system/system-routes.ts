import { Router } from 'express';
import { systemEndpoints } from '../../../shared/api/system.ts';
import { serve } from '../../http/serve.ts';
import type { LogSwitch } from './log-switch.ts';
import type { System } from './system.ts';

/** How the server itself is, and how much it tells. */
export function consoleRoutes({ system, logSwitch }: { system: System; logSwitch: LogSwitch }): Router {
  const router = Router();
  serve(router, systemEndpoints.jobs, async () => ({ jobs: await system.jobs() }));
  serve(router, systemEndpoints.storage, ({ person }) => system.storage(person.organizationId));
  serve(router, systemEndpoints.logLevel, () => logSwitch.view());
  serve(router, systemEndpoints.changeLogLevel, ({ person, body }) => logSwitch.change(person, body));
  return router;
}
