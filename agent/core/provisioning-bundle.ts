import * as z from 'zod/mini';
import { envelope } from '../../shared/trust/envelope.ts';
import { type Parsed, parseWith } from '../../shared/wire/primitives.ts';
import { serverSettings } from './device-record.ts';

/** What an admin hands to a machine so that it can enrol: whom to believe, where servers are, and a token. */
export const provisioningBundle = z.object({
  organization: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
  ...serverSettings,
  trust: envelope,
  token: z.string().check(z.regex(/^[A-Za-z0-9_-]{20,100}$/)),
});
export type ProvisioningBundle = z.infer<typeof provisioningBundle>;

export const parseProvisioningBundle = (input: unknown): Parsed<ProvisioningBundle> =>
  parseWith(provisioningBundle, input);
