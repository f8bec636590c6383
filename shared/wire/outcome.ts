import * as z from 'zod/mini';
import { evidenceKinds, evidenceOffer } from './evidence.ts';
import { code, line, parseWith, random128, sequence, serverId, wireVersion } from './primitives.ts';
import { story } from './story.ts';

/** How an attempt ended on the device. `applied` is not yet healed: only a booted Windows is. */
export const outcomeStates = [
  'applied',
  'nothing-to-do',
  'not-applicable',
  'refused',
  'undone',
  'stuck',
] as const;
export type OutcomeState = (typeof outcomeStates)[number];

/**
 * Where it showed that a tool did what it was run for. `tool-word`: nowhere but in its own word, so that Windows coming
 * up is the first proof there is.
 */
export const toolProofs = ['volume', 'boot-store', 'repair-log', 'tool-word'] as const;
export type ToolProof = (typeof toolProofs)[number];

/**
 * One change the device made: to one file, or to one value in a hive, which `path` names then; or one run of a tool of
 * Windows on the Windows directory `path`; or something that was only told there: evidence that the script collects, or
 * a message that stood on the screen.
 */
export const change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['delete', 'rename', 'copy', 'edit-registry']),
    path: line,
    toPath: z.optional(line),
    /** Key and value of an edit, with what it was and is; of a copy, what was copied. */
    what: z.optional(line),
    sizeBytes: z.int().check(z.nonnegative()),
    writtenAt: z.iso.datetime(),
  }),
  z.object({
    kind: z.literal('run-tool'),
    path: line,
    tool: code,
    /** What it was run for. */
    what: line,
    /** How it ended, as `dism-done`; absent when it was cut off. */
    ended: z.optional(code),
    /** Where that shows; absent when it was not done. */
    provenBy: z.optional(z.enum(toolProofs)),
  }),
  z.object({ kind: z.literal('collect-evidence'), path: line, evidence: z.enum(evidenceKinds), what: line }),
  z.object({ kind: z.literal('show-message'), path: line, what: line }),
]);
export type Change = z.infer<typeof change>;

/** What one line of the script did. `line` counts from 1. */
export const stepOutcome = z.object({
  line: z.int().check(z.positive()),
  state: z.enum(['done', 'undone', 'failed', 'skipped']),
  code: z.optional(code),
  changes: z.array(change).check(z.maxLength(256)),
});
export type StepOutcome = z.infer<typeof stepOutcome>;

/** The device tells how an order ended: `POST /v1/outcome`. */
export const outcome = z.object({
  version: wireVersion,
  episode: random128,
  sequence,
  attemptId: serverId,
  state: z.enum(outcomeStates),
  code: z.optional(code),
  reason: z.optional(line),
  line: z.optional(z.int().check(z.positive())),
  steps: z.array(stepOutcome).check(z.maxLength(64)),
  /** What the device holds: more than the first check-in, which stays small, had room for. */
  evidence: z.optional(z.array(evidenceOffer).check(z.maxLength(16))),
  story,
});
export type Outcome = z.infer<typeof outcome>;

export const parseOutcome = (input: unknown) => parseWith(outcome, input);

export const outcomeExample: Outcome = {
  version: 1,
  episode: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  sequence: 2,
  attemptId: '01900000-0000-7000-8000-000000000001',
  state: 'applied',
  steps: [
    {
      line: 8,
      state: 'done',
      changes: [
        {
          kind: 'delete',
          path: 'C:\\Windows\\System32\\drivers\\CrowdStrike\\C-00000291-00000000-00000032.sys',
          sizeBytes: 41_004,
          writtenAt: '2024-07-19T04:09:00.000Z',
        },
      ],
    },
  ],
  story: [{ phase: 'apply', atMs: 1800 }],
};
