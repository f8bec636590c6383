import * as z from 'zod/mini';

/** Roles, each with the rights of those before it, except that approving is its own right. */
export const roles = ['viewer', 'author', 'approver', 'operator', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** `GET /api/session`: who is signed in; 401 `not-signed-in` otherwise. */
export const session = z.object({ name: z.string(), role, expiresAt: z.iso.datetime() });
export type Session = z.infer<typeof session>;

/** A password a person chose. */
export const password = z.string().check(z.minLength(12), z.maxLength(200));

/** `POST /api/session/link`: opens a one-time link. With name and password it also makes the account of a first start. */
export const openLink = z.object({
  secret: z.string().check(z.minLength(20), z.maxLength(100)),
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  password,
});
export type OpenLink = z.infer<typeof openLink>;

/** `POST /api/session`: signs in with a local account. `DELETE /api/session` signs out. */
export const signIn = z.object({
  name: z.string().check(z.maxLength(60)),
  password: z.string().check(z.maxLength(200)),
});
export type SignIn = z.infer<typeof signIn>;
