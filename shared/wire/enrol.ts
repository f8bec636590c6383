import * as z from 'zod/mini';
import { envelope } from '../trust/envelope.ts';
import { line, parseWith, wireVersion } from './primitives.ts';

/**
 * A Windows makes itself known: `POST /v1/enrol`, signed with the new device key (key id `<organization>/new/1`).
 * The enrolment token is one-time or counted and proves that an admin provisioned the machine.
 */
export const enrolRequest = z.object({
  version: wireVersion,
  token: z.string().check(z.regex(/^[A-Za-z0-9_-]{20,100}$/)),
  publicKey: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** `recovery`: an image did it for a Windows that does not start; whatever the token says, a person accepts it first. */
  from: z.optional(z.enum(['windows', 'recovery'])),
  device: z.object({
    name: line,
    model: z.optional(line),
    serial: z.optional(line),
    smbiosId: z.optional(line),
  }),
});
export type EnrolRequest = z.infer<typeof enrolRequest>;

/** `pending`: the token came from an image, a person must accept the machine before it gets orders. */
export const enrolAnswer = z.object({
  version: wireVersion,
  keyId: z.string().check(z.maxLength(200)),
  state: z.enum(['active', 'pending']),
  trust: z.array(envelope).check(z.maxLength(64)),
});
export type EnrolAnswer = z.infer<typeof enrolAnswer>;

export const parseEnrolRequest = (input: unknown) => parseWith(enrolRequest, input);
export const parseEnrolAnswer = (input: unknown) => parseWith(enrolAnswer, input);

export const enrolExample: EnrolRequest = {
  version: 1,
  token: 'bm-enrol-Zm9vYmFyYmF6cXV4',
  publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  from: 'windows',
  device: { name: 'LAPTOP-4711', model: 'Contoso Book 14' },
};
