import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { role } from './session.ts';

/** A local account. */
export const person = z.object({
  accountId: z.string(),
  name: z.string(),
  role,
  createdAt: z.iso.datetime(),
  lastSignedInAt: z.optional(z.iso.datetime()),
  disabledAt: z.optional(z.iso.datetime()),
});
export type Person = z.infer<typeof person>;

/** By name. */
export const personList = z.object({ people: z.array(person) });

/** A one-time link; its secret is shown this one time. It is opened at `/welcome#<secret>`. */
export const personLink = z.object({ secret: z.string(), expiresAt: z.iso.datetime() });
export type PersonLink = z.infer<typeof personLink>;

export const personRole = z.object({ role });

export const personEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/people',
    role: 'admin',
    summary: 'Every local account, by name.',
    status: 200,
    answer: personList,
  }),
  invite: endpoint({
    method: 'POST',
    path: '/api/people',
    role: 'admin',
    summary: 'Makes a one-time link by which a person makes an account of this role.',
    body: personRole,
    status: 201,
    answer: personLink,
  }),
  reset: endpoint({
    method: 'POST',
    path: '/api/people/:accountId/reset',
    role: 'admin',
    summary:
      'Makes a one-time link by which a person chooses a new password; the old one is refused at once.',
    status: 201,
    answer: personLink,
  }),
  changeRole: endpoint({
    method: 'PUT',
    path: '/api/people/:accountId/role',
    role: 'admin',
    summary: 'Gives an account another role; its sessions end.',
    body: personRole,
    status: 204,
    answer: 'nothing',
  }),
  disable: endpoint({
    method: 'POST',
    path: '/api/people/:accountId/disable',
    role: 'admin',
    summary: 'Refuses an account from now on and ends its sessions.',
    status: 204,
    answer: 'nothing',
  }),
  enable: endpoint({
    method: 'POST',
    path: '/api/people/:accountId/enable',
    role: 'admin',
    summary: 'Lets an account in again.',
    status: 204,
    answer: 'nothing',
  }),
};
