import type { Request, RequestHandler } from 'express';
import type { Role } from '../../shared/api/session.ts';
import { Refusal } from './refusal.ts';

/** Who is signed in at the console. */
export interface SignedIn {
  readonly organizationId: string;
  readonly accountId: string;
  readonly name: string;
  readonly role: Role;
}

/** Who is signed in; refuses the request when nobody is. */
export function signedInOf(request: Request): SignedIn {
  const { signedIn } = request.session;
  if (!signedIn) throw new Refusal('not-signed-in', 'Nobody is signed in here; sign in first.');
  return signedIn;
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, author: 1, approver: 2, operator: 3, admin: 4 };

/** Whether a role has the rights of another. Approving is a right of its own: only approvers and admins have it. */
export function hasRightsOf(role: Role, needed: Role): boolean {
  if (needed === 'approver') return role === 'approver' || role === 'admin';
  return ranks[role] >= ranks[needed];
}

/** Lets only people with this role through. */
export function requireRole(needed: Role): RequestHandler {
  return (request, _response, next) => {
    if (!hasRightsOf(signedInOf(request).role, needed))
      throw new Refusal('role-required', `This needs the role ${needed}.`, { role: needed });
    next();
  };
}
