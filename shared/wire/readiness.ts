import * as z from 'zod/mini';
import { envelope } from '../trust/envelope.ts';
import { allowedPrograms } from './allowed-programs.ts';
import { probe } from './answer.ts';
import { recoveryKeyId } from './key-request.ts';
import { code, line, parseWith, random128, wireVersion } from './primitives.ts';

/** One thing that decides whether a machine could be healed hands-free. `unknown` could not be read and counts as bad. */
export const readinessFinding = z.object({
  code,
  state: z.enum(['good', 'bad', 'unknown']),
  /** What it adds to the score when it is good. */
  weight: z.int().check(z.nonnegative(), z.maximum(100)),
  /** What was found. */
  found: line,
  /** What an admin can do, in a plain sentence; stands with everything that is not good. */
  advice: z.optional(line),
  /** The command that does it, where one does. */
  command: z.optional(line),
  /** With `programs-allowed`: what scripts may run there. */
  programs: z.optional(allowedPrograms),
});
export type ReadinessFinding = z.infer<typeof readinessFinding>;

/** A healthy Windows says how ready it is: `POST /v1/readiness`, once a day. */
export const readiness = z.object({
  version: wireVersion,
  agentVersion: line,
  /** As it enrolled; another answer means that its disk was copied to another machine. */
  device: z.object({ name: line, serial: z.optional(line), smbiosId: z.optional(line) }),
  /** 0 to 100: the share of the weights that is good. */
  score: z.int().check(z.nonnegative(), z.maximum(100)),
  findings: z.array(readinessFinding).check(z.maxLength(64)),
  /**
   * What this Windows came up with at its last start, for comparison with machines that do not; raw here, through
   * `parseFacts` as those of a check-in. Empty after a start that proves nothing, absent when the message tells nothing
   * of it.
   */
  facts: z.optional(z.record(z.string(), z.unknown())),
  /** Fresh for each message; an undo order in the answer repeats it. */
  nonce: z.optional(random128),
  /** Ids of the recovery passwords of the Windows volume, so that the server can say which of them it keeps. */
  recoveryKeys: z.optional(z.array(recoveryKeyId).check(z.maxLength(16))),
  /** How the last update of the agent ended here. */
  release: z.optional(
    z.object({
      number: z.int().check(z.positive()),
      state: z.enum(['installed', 'failed']),
      code: z.optional(code),
    }),
  ),
});
export type Readiness = z.infer<typeof readiness>;

/**
 * The server has kept it. `update`: a newer agent for this machine, signed by approvers. `undo`: an order of the online
 * key to take a past attempt back. `probes`: what the facts of the next start should answer. `keptKeys`: those of the
 * recovery passwords in the message that the server keeps.
 */
export const readinessAnswer = z.object({
  version: wireVersion,
  update: z.optional(envelope),
  undo: z.optional(envelope),
  probes: z.optional(z.array(probe).check(z.maxLength(16))),
  keptKeys: z.optional(z.array(recoveryKeyId).check(z.maxLength(16))),
});
export type ReadinessAnswer = z.infer<typeof readinessAnswer>;

export const parseReadiness = (input: unknown) => parseWith(readiness, input);
export const parseReadinessAnswer = (input: unknown) => parseWith(readinessAnswer, input);

/** The score of findings: what is good of all weights, in percent. */
export function scoreOf(findings: readonly ReadinessFinding[]): number {
  const sum = (some: readonly ReadinessFinding[]) => some.reduce((total, { weight }) => total + weight, 0);
  const all = sum(findings);
  return all === 0 ? 0 : Math.round((sum(findings.filter(one => one.state === 'good')) / all) * 100);
}

export const readinessExample: Readiness = {
  version: 1,
  agentVersion: '0.1.0',
  device: { name: 'LAPTOP-4711', smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132' },
  score: 67,
  findings: [
    { code: 'winre-on', state: 'good', weight: 20, found: 'WinRE is on.' },
    {
      code: 'failure-policy',
      state: 'bad',
      weight: 10,
      found: 'bootstatuspolicy ignores all failures.',
      advice: 'Let failed starts count again.',
      command: 'bcdedit /set {current} bootstatuspolicy IgnoreShutdownFailures',
    },
  ],
  facts: { 'os.build': 22631, 'os.revision': 3880, 'driver.csagent.version': '7.15.18513.0' },
};
