import { Router } from 'express';
import { nowEndpoints } from '../../../shared/api/now.ts';
import { serve } from '../../http/serve.ts';
import type { Now } from './now.ts';

/** The first screen. */
export function consoleRoutes({ now }: { now: Now }): Router {
  const router = Router();
  serve(router, nowEndpoints.read, ({ person }) => now.read(person.organizationId));
  return router;
}
