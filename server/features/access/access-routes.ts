import { type Request, Router } from 'express';
import { openLink, type Session, signIn } from '../../../shared/api/session.ts';
import { beginSession, endSession, sessionEndsAt } from '../../http/browser-session.ts';
import { signedInOf } from '../../http/console-session.ts';
import { bodyOf } from '../../http/message.ts';
import { signInLimit } from '../../http/sign-in-limit.ts';
import type { Access } from './access.ts';

/** `/api/session`: signing in and out. */
export function consoleRoutes({ access }: { readonly access: Access }): Router {
  const router = Router();
  const limit = signInLimit();

  router.post('/api/session/link', limit, async (request, response) => {
    const account = await access.openLink(bodyOf(request, openLink));
    await beginSession(request, account);
    response.status(201).json(sessionOf(request));
  });

  router.post('/api/session', limit, async (request, response) => {
    const account = await access.signIn(bodyOf(request, signIn));
    await beginSession(request, account);
    response.status(201).json(sessionOf(request));
  });

  router.get('/api/session', (request, response) => {
    response.json(sessionOf(request));
  });

  router.delete('/api/session', async (request, response) => {
    await access.signedOut(signedInOf(request));
    await endSession(request);
    response.status(204).end();
  });

  return router;
}

function sessionOf(request: Request): Session {
  const { name, role } = signedInOf(request);
  return { name, role, expiresAt: sessionEndsAt(request).toISOString() };
}
