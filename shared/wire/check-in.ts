import * as z from 'zod/mini';
import { allowedPrograms } from './allowed-programs.ts';
import { evidenceOffer } from './evidence.ts';
import { code, line, parseWith, random128, sequence, serverId, wireVersion } from './primitives.ts';
import { story } from './story.ts';

/** Why the agent believes it is its turn. */
export const turnReasons = ['failed-boot', 'marker', 'test-mode'] as const;
export type TurnReason = (typeof turnReasons)[number];

/** How the attempt before this check-in ended, when the machine is back in WinRE. */
export const previousAttempt = z.object({
  attemptId: serverId,
  state: z.enum(['returned', 'undone', 'stuck']),
  code: z.optional(code),
});

/**
 * A machine in WinRE asks for help: `POST /v1/check-in`. `facts` stay raw here and go through `parseFacts`.
 * `nonce` is fresh for each check-in; only an order that repeats it is obeyed.
 */
export const checkIn = z.object({
  version: wireVersion,
  episode: random128,
  previousEpisode: z.optional(random128),
  sequence,
  nonce: random128,
  reason: z.enum(turnReasons),
  agentVersion: line,
  /** What the firmware of this machine says; another than at enrolment means that a disk was copied. */
  device: z.optional(z.object({ serial: z.optional(line), smbiosId: z.optional(line) })),
  trustVersion: z.int().check(z.nonnegative()),
  recallVersion: z.int().check(z.nonnegative()),
  facts: z.record(z.string(), z.unknown()),
  evidence: z.array(evidenceOffer).check(z.maxLength(16)),
  previousAttempt: z.optional(previousAttempt),
  /** What scripts may run on the device, by its own list; absent: nothing. */
  programs: z.optional(allowedPrograms),
  story,
});
export type CheckIn = z.infer<typeof checkIn>;

export const parseCheckIn = (input: unknown) => parseWith(checkIn, input);

export const checkInExample: CheckIn = {
  version: 1,
  episode: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  sequence: 1,
  nonce: '00112233445566778899aabbccddeeff',
  reason: 'failed-boot',
  agentVersion: '0.1.0',
  trustVersion: 1,
  recallVersion: 0,
  facts: { 'crash.code': '0x50', 'crash.module': 'csagent.sys', 'os.build': 22631 },
  evidence: [],
  story: [
    { phase: 'winre', atMs: 0 },
    { phase: 'network', atMs: 900 },
  ],
};
