import type { Role } from '../../shared/api/session.ts';

/** Every code a request may be refused with, and the status it is sent as. */
export const statusOfCode = {
  // what was sent
  'malformed-json': 400,
  'malformed-message': 400,
  'malformed-upload': 400,
  'digest-mismatch': 400,
  'length-required': 411,
  'body-too-large': 413,
  'part-too-large': 413,
  'unsupported-media-type': 415,
  // who sent it
  'signature-missing': 401,
  'signature-invalid': 401,
  'unknown-device-key': 401,
  'not-signed-in': 401,
  'wrong-name-or-password': 401,
  'token-invalid': 401,
  'enrolment-token-invalid': 403,
  'role-required': 403,
  'cross-site-request': 403,
  'not-for-tokens': 403,
  'device-pending': 403,
  'device-retired': 403,
  'second-factor-missing': 403,
  'second-factor-locked': 403,
  'wrong-one-time-code': 403,
  'wrong-unlock-code': 403,
  // what it asks for
  'not-found': 404,
  'offset-mismatch': 409,
  'sequence-reused': 409,
  'sequence-too-old': 409,
  'unknown-episode': 404,
  'unknown-attempt': 404,
  'illegal-event': 409,
  'evidence-not-wanted': 409,
  'evidence-damaged': 409,
  'evidence-budget-spent': 409,
  'names-not-hidden': 409,
  'key-request-over': 409,
  'device-not-active': 409,
  'another-machine': 409,
  'trust-refused': 409,
  'approval-refused': 409,
  'script-has-mistakes': 422,
  'name-taken': 409,
  'list-full': 409,
  'last-admin': 409,
  'saved-meanwhile': 409,
  'issue-refused': 409,
  'link-expired': 410,
  'too-many-requests': 429,
  // what this server cannot do now
  'internal-error': 500,
  'database-unavailable': 503,
  'uploads-busy': 503,
} as const;
export type RefusalCode = keyof typeof statusOfCode;

/** A request that is not accepted, and why: thrown by services and routes, answered by the error handler. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** Place in the message that was sent. */
  readonly path: string | undefined;
  /** The role that may do this. */
  readonly role: Role | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    about: { path?: string; role?: Role; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = code;
    this.path = about.path;
    this.role = about.role;
    this.retryAfterSeconds = about.retryAfterSeconds;
  }

  get status(): number {
    return statusOfCode[this.code];
  }
}
