import * as z from 'zod/mini';
import { toolProofs } from '../wire/outcome.ts';
import { phases } from '../wire/story.ts';
import { endpoint } from './endpoint.ts';

/** States an incident goes through; the last three are final. */
export const incidentStates = [
  'open', 'unexplained', 'matched', 'awaiting-person', 'treating', 'confirming', 'healed', 'healed-by-hand', 'given-up',
] as const; // prettier-ignore
export const incidentState = z.enum(incidentStates);
export type IncidentState = z.infer<typeof incidentState>;

/** One row of the list. Times are ISO instants in UTC. */
export const incidentRow = z.object({
  incidentId: z.string(),
  /** Short code that the machine shows on its screen, as `K7Q2-9MPD`. */
  code: z.string(),
  deviceId: z.string(),
  deviceName: z.string(),
  state: incidentState,
  /** Plain-language cause in one line, or undefined while unexplained. */
  cause: z.optional(z.string()),
  knownIssueId: z.optional(z.string()),
  signature: z.optional(z.string()),
  bugcheck: z.optional(z.object({ code: z.string(), name: z.string() })),
  culprit: z.optional(z.string()),
  openedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  closedAt: z.optional(z.iso.datetime()),
});
export type IncidentRow = z.infer<typeof incidentRow>;

/** A page of the list; `next` continues. */
export const incidentList = z.object({
  incidents: z.array(incidentRow),
  next: z.optional(z.string()),
  /** Machines by state over everything, not only this page. */
  counts: z.record(incidentState, z.int()),
});
export type IncidentList = z.infer<typeof incidentList>;

/** One moment of the story. `at` is server time; moments the device told are placed by its monotonic clock. */
export const timelineEntry = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['device', 'server', 'person']),
  phase: z.optional(z.enum(phases)),
  title: z.string(),
  detail: z.optional(z.string()),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** One condition of a rule, or a group of those that follow, explained on this incident. */
export const conditionExplanation = z.object({
  verdict: z.enum(['held', 'failed', 'unknown']),
  condition: z.string(),
  value: z.optional(z.string()),
  evidence: z.optional(z.string()),
  /** Absent on those that must all hold; every step is a group further in. */
  depth: z.optional(z.int()),
  isGroup: z.optional(z.literal(true)),
});
export type ConditionExplanation = z.infer<typeof conditionExplanation>;

export const matchExplanation = z.object({
  knownIssueId: z.string(),
  version: z.int(),
  title: z.string(),
  verdict: z.enum(['matched', 'near', 'unknown']),
  conditions: z.array(conditionExplanation),
});
export type MatchExplanation = z.infer<typeof matchExplanation>;

export const attemptView = z.object({
  attemptId: z.string(),
  remediationId: z.string(),
  remediationVersion: z.int(),
  state: z.string(),
  code: z.optional(z.string()),
  issuedAt: z.iso.datetime(),
  appliedAt: z.optional(z.iso.datetime()),
  endedAt: z.optional(z.iso.datetime()),
  script: z.string(),
  scriptSha256: z.string(),
  /** Who approved it, by key. */
  approvedBy: z.array(z.object({ keyId: z.string(), owner: z.string(), kind: z.string() })),
  threshold: z.int(),
  /** Plain sentence of each line of the script that says something. */
  sentences: z.array(z.object({ line: z.int(), sentence: z.string() })),
  /** What each line did, as the device reported it. */
  steps: z.array(
    z.object({
      line: z.int(),
      state: z.string(),
      code: z.optional(z.string()),
      changes: z.array(
        z.object({
          kind: z.string(),
          path: z.string(),
          toPath: z.optional(z.string()),
          what: z.optional(z.string()),
          /** Of a file; a run of a tool has none. */
          sizeBytes: z.optional(z.int()),
          writtenAt: z.optional(z.iso.datetime()),
          /** The tool that ran, and how it ended. */
          tool: z.optional(z.string()),
          ended: z.optional(z.string()),
          /** Where it showed that the tool did its work. */
          provenBy: z.optional(z.enum(toolProofs)),
        }),
      ),
    }),
  ),
});
export type AttemptView = z.infer<typeof attemptView>;

/** A list of a reading that was cut, for the page: the newest `shown` of `of` are there, the file has all. */
export const leftOut = z.object({ what: z.string(), shown: z.int(), of: z.int() });
export type LeftOut = z.infer<typeof leftOut>;

/** A piece of evidence; `reading` is what the server read in it, by its `format`, with `leftOut` where lists were cut. */
export const evidenceView = z.object({
  evidenceId: z.string(),
  kind: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
  state: z.enum(['offered', 'wanted', 'receiving', 'stored', 'parsed', 'unreadable', 'expired']),
  reading: z.optional(z.unknown()),
});
export type EvidenceView = z.infer<typeof evidenceView>;

const plainFact = z.union([z.string(), z.number(), z.boolean()]);

/** A fact that the device told otherwise than the server draws it from the same evidence. */
export const factDisagreement = z.object({ fact: z.string(), device: plainFact, server: plainFact });
export type FactDisagreement = z.infer<typeof factDisagreement>;

/** Everything about one incident. */
export const incidentDetail = z.object({
  incident: incidentRow,
  /** The verdict in one plain sentence, for the first line of the page. */
  verdict: z.string(),
  /** What crashed, explained: one sentence with the exact values beside it. */
  explanation: z.optional(z.string()),
  /** What was or will be done, in one sentence. */
  remedy: z.optional(z.string()),
  /** How we know the machine is well, in one sentence; absent until it booted. */
  proof: z.optional(z.string()),
  device: z.object({
    deviceId: z.string(),
    name: z.string(),
    model: z.optional(z.string()),
    lastSeenAt: z.optional(z.iso.datetime()),
  }),
  /** As the device told them. */
  facts: z.record(z.string(), z.unknown()),
  /** Where the server reads evidence otherwise than the device did; absent when they agree. */
  disagreements: z.optional(z.array(factDisagreement)),
  timeline: z.array(timelineEntry),
  matches: z.array(matchExplanation),
  attempts: z.array(attemptView),
  /** The repair that a person chose and that the machine gets when it asks next. */
  assigned: z.optional(z.object({ remediationId: z.string(), by: z.string(), at: z.iso.datetime() })),
  evidence: z.array(evidenceView),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

const names = z.optional(z.enum(['hidden', 'shown']));

/** What the list is narrowed to: states by comma; `before` is the `next` of an earlier page. */
export const incidentQuery = z.object({
  state: z.optional(z.string()),
  search: z.optional(z.string()),
  before: z.optional(z.string()),
  limit: z.optional(z.string()),
  names,
});
export type IncidentQuery = z.infer<typeof incidentQuery>;

/** `hidden` replaces names of people and machines before they leave the server. */
export const namesQuery = z.object({ names });

/** The repair that a person chooses for a machine. */
export const assignRemediation = z.object({ remediationId: z.string().check(z.maxLength(80)) });

/** How somebody brought the machine back, for those who read it later. */
export const markHealed = z.object({ note: z.optional(z.string().check(z.maxLength(500))) });

export const incidentEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/incidents',
    role: 'viewer',
    summary: 'Incidents, newest change first.',
    query: incidentQuery,
    status: 200,
    answer: incidentList,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/incidents/:incidentId',
    role: 'viewer',
    summary: 'Everything about one incident.',
    query: namesQuery,
    status: 200,
    answer: incidentDetail,
  }),
  evidence: endpoint({
    method: 'GET',
    path: '/api/incidents/:incidentId/evidence/:evidenceId',
    role: 'operator',
    summary: 'The bytes as the device sent them, or refused where names cannot be left out.',
    query: namesQuery,
    status: 200,
    answer: 'file',
  }),
  retry: endpoint({
    method: 'POST',
    path: '/api/incidents/:incidentId/retry',
    role: 'operator',
    summary:
      'Begins again when the machine asks next: failed attempts do not count, questions are asked again.',
    status: 204,
    answer: 'nothing',
  }),
  assign: endpoint({
    method: 'POST',
    path: '/api/incidents/:incidentId/assign',
    role: 'operator',
    summary: 'Orders a remediation when the machine asks next, whatever the policy, if approvers signed it.',
    body: assignRemediation,
    status: 204,
    answer: 'nothing',
  }),
  markHealed: endpoint({
    method: 'POST',
    path: '/api/incidents/:incidentId/mark-healed',
    role: 'operator',
    summary: 'Ends the incident of a machine that somebody brought back by hand.',
    body: markHealed,
    status: 204,
    answer: 'nothing',
  }),
};
