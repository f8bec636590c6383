import { type Request, Router } from 'express';
import { apiTokenEndpoints } from '../../../shared/api/api-token.ts';
import { personEndpoints } from '../../../shared/api/person.ts';
import { type Session, sessionEndpoints } from '../../../shared/api/session.ts';
import { beginSession, endSession, sessionEndsAt } from '../../http/browser-session.ts';
import { findTokenSignIn, signedInOf } from '../../http/console-session.ts';
import { Refusal } from '../../http/refusal.ts';
import { serve } from '../../http/serve.ts';
import { signInLimit } from '../../http/sign-in-limit.ts';
import type { Access } from './access.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { People } from './people.ts';

/** Signing in and out, people, and the tokens of programs. */
export function consoleRoutes({
  access,
  apiTokens,
  people,
}: {
  readonly access: Access;
  readonly apiTokens: ApiTokens;
  readonly people: People;
}): Router {
  const router = Router();
  const limit = signInLimit();

  serve(
    router,
    sessionEndpoints.openLink,
    async ({ body, request }) => {
      await beginSession(request, await access.openLink(body));
      return sessionOf(request);
    },
    limit,
    requireBrowser,
  );
  serve(
    router,
    sessionEndpoints.signIn,
    async ({ body, request }) => {
      await beginSession(request, await access.signIn(body));
      return sessionOf(request);
    },
    limit,
    requireBrowser,
  );
  serve(router, sessionEndpoints.read, ({ request }) => sessionOf(request));
  serve(
    router,
    sessionEndpoints.signOut,
    async ({ person, request }) => {
      await access.signedOut(person);
      await endSession(request);
    },
    requireBrowser,
  );

  serve(router, personEndpoints.list, async ({ person }) => ({
    people: await people.list(person.organizationId),
  }));
  serve(router, personEndpoints.invite, ({ person, body }) => people.invite(person, body.role));
  serve(router, personEndpoints.reset, ({ person, params }) => people.reset(person, params.accountId));
  serve(router, personEndpoints.changeRole, ({ person, params, body }) =>
    people.changeRole(person, params.accountId, body.role),
  );
  serve(router, personEndpoints.disable, ({ person, params }) => people.disable(person, params.accountId));
  serve(router, personEndpoints.enable, ({ person, params }) => people.enable(person, params.accountId));

  serve(router, apiTokenEndpoints.list, async ({ person }) => ({
    tokens: await apiTokens.list(person.organizationId),
  }));
  serve(router, apiTokenEndpoints.create, ({ person, body }) => apiTokens.create(person, body));
  serve(router, apiTokenEndpoints.revoke, ({ person, params }) => apiTokens.revoke(person, params.tokenId));
  return router;
}

function requireBrowser(request: Request, _response: unknown, next: () => void): void {
  if (findTokenSignIn(request))
    throw new Refusal('not-for-tokens', 'Browsers sign in and out; a token is good until it is revoked.');
  next();
}

function sessionOf(request: Request): Session {
  const { name, role } = signedInOf(request);
  return { name, role, expiresAt: sessionEndsAt(request).toISOString() };
}
