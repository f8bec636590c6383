import * as z from 'zod/mini';
import { envelope } from '../trust/envelope.ts';
import { maxEvidenceBytes } from './evidence.ts';
import { code, line, parseWith, random128, wireVersion } from './primitives.ts';

// Built when first asked for, which on a device is while its request travels.

/** Something the server would like to know before it decides. Only facts, never a command. */
export const probe = z.lazy(() =>
  z.discriminatedUnion('kind', [
    /** Files of one folder; with `hash` also the SHA-256 of the newest few that are not too large. */
    z.object({ kind: z.literal('files'), glob: line, hash: z.optional(z.literal(true)) }),
    z.object({
      kind: z.literal('driver-version'),
      driver: z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,64}$/)),
    }),
    /** A value by the name of its fact, as `registry.software\\contoso\\agent\\version`. */
    z.object({ kind: z.literal('registry'), fact: line }),
    /** The state of an update, by its KB number or its package and version. */
    z.object({
      kind: z.literal('update'),
      update: z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,100}$/)),
    }),
  ]),
);
export type Probe = z.infer<typeof probe>;

/** A piece of evidence that the server wants, and the first byte of it that it does not have yet. */
export const wantedPiece = z.lazy(() =>
  z.object({
    evidenceId: random128,
    fromBytes: z.int().check(z.nonnegative(), z.maximum(maxEvidenceBytes)),
  }),
);
export type WantedPiece = z.infer<typeof wantedPiece>;

/** Sixty-four kilobytes: the largest script there is. */
export const maxScriptBytes = 64 * 1024;

/**
 * What the server decides.
 * `remediate`: `order` is signed by the online key, `approval` by approvers, `script` is the text they approved.
 * `send-evidence`: answer the probes, upload the wanted pieces, check in again (after an outcome: upload and go on).
 * `wait`: check in again after that long plus jitter. `stop`: hand over to the normal recovery menu.
 * `carry-on`: the server has what it needs; the device goes on with what it was about to do.
 */
export const decision = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('remediate'),
      order: envelope,
      approval: envelope,
      script: z.string().check(z.maxLength(maxScriptBytes)),
    }),
    z.object({
      kind: z.literal('send-evidence'),
      evidence: z.array(wantedPiece).check(z.maxLength(16)),
      probes: z.array(probe).check(z.maxLength(16)),
    }),
    z.object({
      kind: z.literal('wait'),
      seconds: z.int().check(z.positive(), z.maximum(86_400)),
      jitterSeconds: z.int().check(z.nonnegative(), z.maximum(3600)),
      reason: code,
      tell: z.optional(line),
    }),
    z.object({ kind: z.literal('stop'), reason: code, tell: z.optional(line) }),
    z.object({ kind: z.literal('carry-on') }),
  ]),
);
export type Decision = z.infer<typeof decision>;

/** Answer to check-in, outcome and booted. Trust updates and the newest recall list ride along when they are newer. */
export const answer = z.lazy(() =>
  z.object({
    version: wireVersion,
    incidentCode: z.string().check(z.regex(/^[A-Z0-9-]{1,16}$/)),
    decision,
    trust: z.optional(z.array(envelope).check(z.maxLength(64))),
    recall: z.optional(envelope),
  }),
);
export type Answer = z.infer<typeof answer>;

export const parseAnswer = (input: unknown) => parseWith(answer, input);

export const answerExample: Answer = {
  version: 1,
  incidentCode: 'K7Q2-9MPD',
  decision: { kind: 'wait', seconds: 600, jitterSeconds: 60, reason: 'awaiting-person' },
};
