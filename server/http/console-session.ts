import type { Request } from 'express';
import type { Role } from '../../shared/api/session.ts';
import { Refusal } from './refusal.ts';

/** An account or a token, as it signed in. */
export interface Identity {
  readonly organizationId: string;
  readonly accountId: string;
  readonly name: string;
  readonly role: Role;
}

/** Who is signed in at the console. */
export interface SignedIn extends Identity {
  /** As the audit log names them: `account:<name>`, `token:<name>`. */
  readonly actor: string;
}

/** What a token says about a request. */
export interface TokenSignIn {
  readonly signedIn: SignedIn;
  readonly expiresAt: Date;
}

const byToken = new WeakMap<Request, TokenSignIn>();

/** Remembers that a request came with a token. */
export const keepTokenSignIn = (request: Request, signIn: TokenSignIn) => byToken.set(request, signIn);

/** The token a request came with. */
export const findTokenSignIn = (request: Request): TokenSignIn | undefined => byToken.get(request);

/** Who is signed in; refuses the request when nobody is. */
export function signedInOf(request: Request): SignedIn {
  const token = byToken.get(request);
  if (token) return token.signedIn;
  const { signedIn } = request.session;
  if (!signedIn) throw new Refusal('not-signed-in', 'Nobody is signed in here; sign in first.');
  return { ...signedIn, actor: `account:${signedIn.name}` };
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, author: 1, approver: 2, operator: 3, admin: 4 };

/** Whether a role has the rights of another. Approving is a right of its own: only approvers and admins have it. */
export function hasRightsOf(role: Role, needed: Role): boolean {
  if (needed === 'approver') return role === 'approver' || role === 'admin';
  return ranks[role] >= ranks[needed];
}
