import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** Roles, each with the rights of those before it, except that approving is its own right. */
export const roles = ['viewer', 'author', 'approver', 'operator', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Who is signed in, or what a token may do, and until when. */
export const session = z.object({ name: z.string(), role, expiresAt: z.iso.datetime() });
export type Session = z.infer<typeof session>;

/** A password a person chose. */
export const password = z.string().check(z.minLength(12), z.maxLength(200));

/** A one-time link, with the name and password of the account it makes. */
export const openLink = z.object({
  secret: z.string().check(z.minLength(20), z.maxLength(100)),
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  password,
});
export type OpenLink = z.infer<typeof openLink>;

/** Name and password of a local account. */
export const signIn = z.object({
  name: z.string().check(z.maxLength(60)),
  password: z.string().check(z.maxLength(200)),
});
export type SignIn = z.infer<typeof signIn>;

export const sessionEndpoints = {
  read: endpoint({
    method: 'GET',
    path: '/api/session',
    role: 'viewer',
    summary: 'Who is signed in, or what a token may do.',
    status: 200,
    answer: session,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/session',
    role: 'anyone',
    summary: 'Signs a browser in with a local account.',
    body: signIn,
    status: 201,
    answer: session,
  }),
  openLink: endpoint({
    method: 'POST',
    path: '/api/session/link',
    role: 'anyone',
    summary: 'Makes the account of a one-time link and signs it in.',
    body: openLink,
    status: 201,
    answer: session,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/api/session',
    role: 'viewer',
    summary: 'Signs a browser out.',
    status: 204,
    answer: 'nothing',
  }),
};
