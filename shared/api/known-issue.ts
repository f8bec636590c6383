import * as z from 'zod/mini';
import { confidences } from '../rules/compiled-rule.ts';
import { endpoint } from './endpoint.ts';
import { conditionExplanation } from './incident.ts';

/** Longest source that is read, in characters. */
export const maxSourceLength = 65_536;

const policy = z.enum(['automatic', 'ask', 'never']);
const versionState = z.enum(['draft', 'published', 'withdrawn']);

/** One known issue as the list shows it: the version in force, or the newest one where none is. */
export const knownIssueRow = z.object({
  knownIssueId: z.string(),
  title: z.string(),
  vendor: z.string(),
  product: z.string(),
  cause: z.string(),
  firstSeenAt: z.string(),
  policy,
  priority: z.int(),
  confidence: z.enum(confidences),
  origin: z.enum(['shipped', 'own']),
  /** The version that machines are matched with; absent while none is. */
  inForce: z.optional(z.int()),
  newest: z.int(),
  newestState: versionState,
  /** Whether a script heals it; otherwise a person follows its advice. */
  hasScript: z.boolean(),
  /** Machines that have it now, and all that ever had. */
  machinesDown: z.int(),
  machines: z.int(),
});
export type KnownIssueRow = z.infer<typeof knownIssueRow>;

/** All of them, by title. */
export const knownIssueList = z.object({ issues: z.array(knownIssueRow) });
export type KnownIssueList = z.infer<typeof knownIssueList>;

/** An incident that a rule was tried on. */
export const triedIncident = z.object({
  incidentId: z.string(),
  code: z.string(),
  conditions: z.array(conditionExplanation),
});
export type TriedIncident = z.infer<typeof triedIncident>;

/** A healthy machine that a rule was tried on. */
export const triedDevice = z.object({
  deviceId: z.string(),
  name: z.string(),
  conditions: z.array(conditionExplanation),
});
export type TriedDevice = z.infer<typeof triedDevice>;

const examples = z.object({
  matched: z.array(triedIncident),
  near: z.array(triedIncident),
  unknown: z.array(triedIncident),
});

/** What a rule comes to on stored incidents and on healthy machines. */
export const ruleTrial = z.object({
  incidents: z.int(),
  matched: z.int(),
  nearMisses: z.int(),
  unknown: z.int(),
  /** Matched ones on which the guards of the script hold, too; absent without a script. */
  wouldRun: z.optional(z.int()),
  /** Matched ones whose Windows is none of the affected builds; absent where the issue names none. */
  outsideBuilds: z.optional(z.int()),
  /** Matched ones that another known issue explained. */
  explainedOtherwise: z.int(),
  examples,
  /**
   * On healthy machines: accepted, told within 30 days what they came up with, no incident since. `matched` ones say
   * that the rule is too wide.
   */
  healthy: z.object({
    devices: z.int(),
    matched: z.int(),
    unknown: z.int(),
    examples: z.array(triedDevice),
  }),
});
export type RuleTrial = z.infer<typeof ruleTrial>;

/** A back-test over every stored incident and every healthy machine, as far as it has come. */
export const backTestState = z.object({
  state: z.enum(['running', 'finished', 'failed']),
  done: z.int(),
  total: z.int(),
  startedAt: z.iso.datetime(),
  trial: z.optional(ruleTrial),
});
export type BackTestState = z.infer<typeof backTestState>;

export const knownIssueVersion = z.object({
  version: z.int(),
  state: versionState,
  origin: z.enum(['shipped', 'own']),
  author: z.string(),
  createdAt: z.iso.datetime(),
  backTest: z.optional(backTestState),
});
export type KnownIssueVersion = z.infer<typeof knownIssueVersion>;

/** Which version; absent for the newest. */
export const versionQuery = z.object({ version: z.optional(z.string().check(z.regex(/^[1-9]\d{0,8}$/))) });

/** One version, and all there are, newest first. */
export const knownIssueDetail = z.object({
  row: knownIssueRow,
  version: z.int(),
  source: z.string(),
  script: z.optional(z.string()),
  versions: z.array(knownIssueVersion),
});
export type KnownIssueDetail = z.infer<typeof knownIssueDetail>;

const source = z.string().check(z.maxLength(maxSourceLength));

/** A source as it stands in the editor. */
export const tryIssue = z.object({
  source,
  script: z.optional(source),
  /** Explains the rule on this incident, too: its id or its code. */
  incident: z.optional(z.string().check(z.maxLength(64))),
});
export type TryIssue = z.infer<typeof tryIssue>;

export const sourceMistake = z.object({
  code: z.string(),
  message: z.string(),
  line: z.int(),
  column: z.int(),
});
export type SourceMistake = z.infer<typeof sourceMistake>;

export const triedIssue = z.object({
  mistakes: z.array(sourceMistake),
  scriptMistakes: z.array(sourceMistake),
  /** Known issues of equal rank that can match the same machine and do something else. */
  conflicts: z.array(z.object({ knownIssueId: z.string(), title: z.string(), isCertain: z.boolean() })),
  /** On the newest incidents and on healthy machines, at most a thousand of each. */
  trial: z.optional(ruleTrial),
  explanation: z.optional(
    z.object({
      incidentId: z.string(),
      code: z.string(),
      verdict: z.enum(['matched', 'failed', 'unknown']),
      conditions: z.array(conditionExplanation),
    }),
  ),
  /** The incident that was asked for is not there. */
  noIncident: z.boolean(),
});
export type TriedIssue = z.infer<typeof triedIssue>;

/** A source to keep as a new version, a draft. */
export const saveIssue = z.object({ source, script: z.optional(source) });
export const savedIssue = z.object({ knownIssueId: z.string(), version: z.int() });
export type SavedIssue = z.infer<typeof savedIssue>;

/** A condition that tells failing machines from healthy ones and from those that failed otherwise, with the counts. */
export const proposedCondition = z.object({
  sentence: z.string(),
  failing: z.int(),
  healthy: z.int(),
  others: z.int(),
  isChosen: z.boolean(),
});
export type ProposedCondition = z.infer<typeof proposedCondition>;

/** The draft of a known issue made from an incident. */
export const issueProposal = z.object({
  failing: z.int(),
  healthy: z.int(),
  others: z.int(),
  conditions: z.array(proposedCondition),
  source: z.string(),
});
export type IssueProposal = z.infer<typeof issueProposal>;

const ofVersion = '/api/known-issues/:knownIssueId/versions/:version';

export const knownIssueEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/known-issues',
    role: 'viewer',
    summary: 'All known issues, by title.',
    status: 200,
    answer: knownIssueList,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/known-issues/:knownIssueId',
    role: 'viewer',
    summary: 'One version, by default the newest, and all there are, newest first.',
    query: versionQuery,
    status: 200,
    answer: knownIssueDetail,
  }),
  try: endpoint({
    method: 'POST',
    path: '/api/known-issues/try',
    role: 'viewer',
    summary: 'What would come of a source as it stands in the editor; nothing is kept.',
    body: tryIssue,
    status: 200,
    answer: triedIssue,
  }),
  save: endpoint({
    method: 'POST',
    path: '/api/known-issues',
    role: 'author',
    summary: 'Keeps a source as a new version, a draft.',
    body: saveIssue,
    status: 201,
    answer: savedIssue,
  }),
  publish: endpoint({
    method: 'POST',
    path: `${ofVersion}/publish`,
    role: 'operator',
    summary: 'Matches machines with this version from now on.',
    status: 204,
    answer: 'nothing',
  }),
  backTest: endpoint({
    method: 'POST',
    path: `${ofVersion}/back-test`,
    role: 'author',
    summary: 'Starts a back-test of this version over every stored incident and every healthy machine.',
    status: 202,
    answer: 'nothing',
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/api/known-issues/:knownIssueId/withdraw',
    role: 'operator',
    summary: 'Matches no machine with it any more.',
    status: 204,
    answer: 'nothing',
  }),
  propose: endpoint({
    method: 'GET',
    path: '/api/incidents/:incidentId/known-issue',
    role: 'viewer',
    summary: 'The draft of a known issue made from an incident.',
    status: 200,
    answer: issueProposal,
  }),
};
