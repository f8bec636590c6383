import type { Request, RequestHandler } from 'express';
import { type TokenSignIn, findTokenSignIn, keepTokenSignIn } from './console-session.ts';
import { Refusal } from './refusal.ts';

/** Signs a request in by `Authorization: Bearer …`; a request without one goes on to the sessions of browsers. */
export function bearerTokens(find: (secret: string) => Promise<TokenSignIn | undefined>): RequestHandler {
  return async (request, _response, next) => {
    const secret = secretOf(request);
    if (secret !== undefined) {
      const signIn = await find(secret);
      if (!signIn)
        throw new Refusal(
          'token-invalid',
          'This token is unknown, expired or revoked; ask an admin for one.',
        );
      keepTokenSignIn(request, signIn);
    }
    next();
  };
}

/** Keeps a handler for browsers away from requests with a token: no page of another site can send one. */
export const unlessToken =
  (handler: RequestHandler): RequestHandler =>
  (request, response, next) => {
    if (findTokenSignIn(request)) next();
    else void handler(request, response, next);
  };

function secretOf(request: Request): string | undefined {
  const said = request.get('authorization');
  if (said === undefined) return undefined;
  const [, secret] = /^Bearer ([\w~+/.-]{1,200}=*)$/i.exec(said) ?? [];
  if (secret === undefined)
    throw new Refusal('token-invalid', 'Accepted is `Authorization: Bearer` and an API token.');
  return secret;
}
