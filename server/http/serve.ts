import type { Request, RequestHandler, Router } from 'express';
import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf } from '../../shared/api/endpoint.ts';
import { type SignedIn, hasRightsOf, signedInOf } from './console-session.ts';
import { bodyOf, queryOf } from './message.ts';
import { Refusal } from './refusal.ts';

/** A request that was let through: who sent it, and what it says, checked. */
export interface Asked<One extends Endpoint> {
  /** Who is signed in; nobody need be where an endpoint is for anyone. */
  readonly person: One['role'] extends 'anyone' ? undefined : SignedIn;
  readonly params: ParamsOf<One>;
  readonly query: QueryOf<One>;
  readonly body: BodyOf<One>;
  readonly request: Request;
}

/** Answers an endpoint: role, query and body are checked by what it says, and the answer has the status it says. */
export function serve<const One extends Endpoint>(
  router: Router,
  endpoint: One,
  work: (asked: Asked<One>) => AnswerOf<One> | Promise<AnswerOf<One>>,
  ...before: readonly RequestHandler[]
): void {
  route(router, endpoint, ...before, async (request, response) => {
    const asked = {
      person: endpoint.role === 'anyone' ? undefined : signedInOf(request),
      params: request.params,
      query: endpoint.query && queryOf(request, endpoint.query),
      body: endpoint.body && bodyOf(request, endpoint.body),
      request,
    } as Asked<One>;
    const answer = await work(asked);
    response.status(endpoint.status);
    if (endpoint.answer === 'nothing') response.end();
    else response.json(answer);
  });
}

/** Lets a handler answer an endpoint with a file or a stream; the role is checked before. */
export function serveStream(
  router: Router,
  endpoint: Endpoint & { readonly answer: 'file' | 'events' },
  handler: RequestHandler,
): void {
  route(router, endpoint, handler);
}

function route(router: Router, endpoint: Endpoint, ...handlers: readonly RequestHandler[]): void {
  const way = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
  router[way](endpoint.path, requireRoleOf(endpoint), ...handlers);
}

function requireRoleOf({ role }: Endpoint): RequestHandler {
  return (request, _response, next) => {
    if (role !== 'anyone' && !hasRightsOf(signedInOf(request).role, role))
      throw new Refusal('role-required', `This needs the role ${role}.`, { role });
    next();
  };
}
