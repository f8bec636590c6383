import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { role } from './session.ts';

/** A token by which a program does what a person of its role may do. The secret is never shown again. */
export const apiToken = z.object({
  tokenId: z.string(),
  name: z.string(),
  role,
  /** Who made it: `account:<name>`. */
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** To the minute; absent while nobody used it. */
  lastUsedAt: z.optional(z.iso.datetime()),
  revokedAt: z.optional(z.iso.datetime()),
});
export type ApiToken = z.infer<typeof apiToken>;

/** Newest first. */
export const apiTokenList = z.object({ tokens: z.array(apiToken) });

export const newApiToken = z.object({
  /** What it is for, as the audit log will name it: letters, digits, spaces and . _ @ - */
  name: z.string().check(z.regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@-]{0,59}$/u)),
  role,
  days: z.int().check(z.minimum(1), z.maximum(366)),
});
export type NewApiToken = z.infer<typeof newApiToken>;

/** The token, and its secret this one time. */
export const madeApiToken = z.object({ token: apiToken, secret: z.string() });

export const apiTokenEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/tokens',
    role: 'admin',
    summary: 'Every API token that was made, newest first, without its secret.',
    status: 200,
    answer: apiTokenList,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/tokens',
    role: 'admin',
    summary: 'Makes a token; its secret is in this answer and nowhere else.',
    body: newApiToken,
    status: 201,
    answer: madeApiToken,
  }),
  revoke: endpoint({
    method: 'POST',
    path: '/api/tokens/:tokenId/revoke',
    role: 'admin',
    summary: 'Refuses a token from now on.',
    status: 204,
    answer: 'nothing',
  }),
};
