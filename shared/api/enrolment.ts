import * as z from 'zod/mini';
import { envelope } from '../trust/envelope.ts';
import { allowedPrograms } from '../wire/allowed-programs.ts';
import { proxyAddress } from '../winre/agent-settings.ts';
import { endpoint } from './endpoint.ts';

/** What is there to enrol machines with. */
export const enrolmentReadiness = z.object({
  /** Whether a trust document says whose signatures machines believe; without one none can be let in. */
  canEnrol: z.boolean(),
  devicePort: z.int(),
  /** The agent for Windows; absent while it is not built. */
  agent: z.optional(z.object({ sizeBytes: z.int(), sha256: z.string(), builtAt: z.iso.datetime() })),
});
export type EnrolmentReadiness = z.infer<typeof enrolmentReadiness>;

/** An address by which machines reach the server: `https://HOST:PORT`. */
export const serverAddress = z.string().check(z.regex(/^https:\/\/[A-Za-z0-9.:[\]-]{1,255}$/));

/** Who is let in: `image` tokens enrol to pending, until a person accepts each machine. */
export const newBundle = z.object({
  servers: z.array(serverAddress).check(z.minLength(1), z.maxLength(8)),
  kind: z.enum(['device', 'image']),
  uses: z.int().check(z.minimum(1), z.maximum(100_000)),
  days: z.int().check(z.minimum(1), z.maximum(366)),
  helpDesk: z.optional(z.string().check(z.maxLength(200))),
  /** `HOST:PORT`, tried before the direct way. */
  proxy: z.optional(proxyAddress),
});
export type NewBundle = z.infer<typeof newBundle>;

/** What `bootmend provision --bundle` takes. The token in it is shown this one time. */
export const enrolmentBundle = z.object({
  organization: z.string(),
  servers: z.array(z.string()),
  /** SHA-256 of the public key by which machines know the server. */
  pins: z.array(z.string()),
  trust: envelope,
  helpDesk: z.optional(z.string()),
  proxy: z.optional(z.string()),
  /** What scripts may run on machines that take this bundle; absent for nothing. */
  programs: z.optional(allowedPrograms),
  token: z.string(),
});
export type EnrolmentBundle = z.infer<typeof enrolmentBundle>;

export const enrolmentEndpoints = {
  read: endpoint({
    method: 'GET',
    path: '/api/enrolment',
    role: 'viewer',
    summary: 'What is there to enrol machines with.',
    status: 200,
    answer: enrolmentReadiness,
  }),
  agent: endpoint({
    method: 'GET',
    path: '/api/enrolment/agent',
    role: 'viewer',
    summary: 'bootmend.exe, as this server built it.',
    status: 200,
    answer: 'file',
  }),
  makeBundle: endpoint({
    method: 'POST',
    path: '/api/enrolment/bundles',
    role: 'operator',
    summary: 'Makes an enrolment token and gives it with everything a machine must know.',
    body: newBundle,
    status: 201,
    answer: enrolmentBundle,
  }),
};
