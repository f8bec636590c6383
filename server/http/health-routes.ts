import { type RequestHandler, Router } from 'express';
import type { Health } from '../../shared/api/health.ts';

/** Resolves when a part of the server can serve; rejects otherwise. */
export type ReadyCheck = () => Promise<unknown>;

/** `GET /health` and `GET /ready`, on both listeners. */
export function healthRoutes(version: string, checks: Readonly<Record<string, ReadyCheck>>): RequestHandler {
  const router = Router();
  router.get('/health', (_request, response) => {
    const answer: Health = { status: 'ok', version, checks: {} };
    response.set('cache-control', 'no-store').json(answer);
  });
  router.get('/ready', async (_request, response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const works = await check().then(
          () => true,
          () => false,
        );
        return [name, works ? 'ok' : 'failing'] as const;
      }),
    );
    const ready = results.every(([, state]) => state === 'ok');
    const answer: Health = {
      status: ready ? 'ok' : 'not-ready',
      version,
      checks: Object.fromEntries(results),
    };
    if (!ready) response.set('retry-after', '5');
    response
      .status(ready ? 200 : 503)
      .set('cache-control', 'no-store')
      .json(answer);
  });
  return router;
}
