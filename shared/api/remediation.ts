import * as z from 'zod/mini';
import { refusalReasons } from '../remediation/refusal-reasons.ts';
import { risks } from '../remediation/syntax-tree.ts';
import { simulationOutcomes } from '../remediation/simulate/simulate-script.ts';
import { approverKey } from '../trust/documents.ts';
import { envelope } from '../trust/envelope.ts';
import { endpoint } from './endpoint.ts';
import { remediationStates } from './remediation-state.ts';

/**
 * Where a version stands. `draft`: nobody has signed it. `waiting`: signed by some, not by enough. `in-force`: machines
 * run it. `withdrawn`: recalled by an approver, or its approval ended.
 */
export const remediationState = z.enum(remediationStates);

const risk = z.enum(risks);

/** The name of a remediation: lower case, digits and dashes. */
export const remediationId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,79}$/));

/** One remediation with where it stands: by the newest version in force, else by the newest of all. */
export const remediationRow = z.object({
  remediationId: z.string(),
  title: z.string(),
  state: remediationState,
  risk,
  /** The version that machines run; absent when none is in force. */
  versionInForce: z.optional(z.int()),
  newestVersion: z.int(),
  author: z.string(),
  changedAt: z.iso.datetime(),
});
export type RemediationRow = z.infer<typeof remediationRow>;

/** Newest change first. */
export const remediationList = z.object({ remediations: z.array(remediationRow) });
export type RemediationList = z.infer<typeof remediationList>;

/** Machines that would do nothing with a version for one reason, by what they last told. */
const foreseenRefusals = z.object({
  reason: z.enum(refusalReasons),
  /** Why, in a sentence that fits one machine and many. */
  sentence: z.string(),
  machines: z.int(),
  /** The first of their names in order, at most five. */
  names: z.array(z.string()),
});

/**
 * What is known before anybody decides of which machines would do nothing with a version. Each machine decides by
 * itself when it comes to it.
 */
export const remediationReach = z.object({
  /** All that are not retired; one where an incident was asked for. */
  machines: z.int(),
  /** The reason of most machines first. */
  refusals: z.array(foreseenRefusals),
  /** Machines that never told what this version depends on. */
  unknown: z.object({ machines: z.int(), names: z.array(z.string()) }),
});
export type RemediationReach = z.infer<typeof remediationReach>;

export const reachQuery = z.object({ incidentId: z.optional(z.string().check(z.maxLength(100))) });

const approvalView = z.object({
  sequence: z.int(),
  expiresAt: z.iso.datetime(),
  /** Keys that signed, as the trust document names them. */
  signers: z.array(z.object({ keyId: z.string(), owner: z.string(), kind: z.string() })),
  /** What was signed so far; another approver adds a signature to exactly this. */
  envelope,
});

export const remediationVersion = z.object({
  version: z.int(),
  text: z.string(),
  sha256: z.string(),
  risk,
  author: z.string(),
  createdAt: z.iso.datetime(),
  state: remediationState,
  /** The newest approval; absent when nobody signed. */
  approval: z.optional(approvalView),
});
export type RemediationVersion = z.infer<typeof remediationVersion>;

/** All versions, newest first, and who may sign. */
export const remediationDetail = z.object({
  remediationId: z.string(),
  versions: z.array(remediationVersion),
  organization: z.string(),
  /** The sequence that the next approval of the organization carries. */
  nextSequence: z.int(),
  /** Absent while no trust document is published: then nobody can sign. */
  trust: z.optional(z.object({ threshold: z.int(), approvers: z.array(approverKey) })),
});
export type RemediationDetail = z.infer<typeof remediationDetail>;

const scriptText = z.string().check(z.maxLength(64 * 1024));

/** A sound script to keep as the next, immutable version. */
export const newVersion = z.object({ text: scriptText });
export const savedVersion = z.object({ version: z.int(), sha256: z.string(), isNew: z.boolean() });
export type SavedVersion = z.infer<typeof savedVersion>;

/** A signed approval, or one more signature on it. */
export const newApproval = z.object({ envelope });
export const approvalProgress = z.object({
  signers: z.array(z.string()),
  threshold: z.int(),
  complete: z.boolean(),
});
export type ApprovalProgress = z.infer<typeof approvalProgress>;

/** Broken machines on which a script can be tried. */
export const labMachines = z.object({ machines: z.array(z.object({ id: z.string(), title: z.string() })) });
export type LabMachines = z.infer<typeof labMachines>;

/** A script, and the machine it is tried on. */
export const newSimulation = z.object({
  text: scriptText,
  on: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('lab'), machineId: z.string().check(z.maxLength(100)) }),
    z.object({ kind: z.literal('incident'), incidentId: z.string().check(z.maxLength(100)) }),
  ]),
});
export type NewSimulation = z.infer<typeof newSimulation>;

const simulatedLine = z.object({
  line: z.int(),
  verdict: z.enum(['held', 'failed', 'unknown']),
  sentence: z.string(),
  reason: z.string(),
});

const difference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    line: z.int(),
    path: z.string(),
    toPath: z.optional(z.string()),
    sizeBytes: z.int(),
    writtenAt: z.iso.datetime(),
  }),
  z.object({
    kind: z.literal('registry-value'),
    line: z.int(),
    hive: z.string(),
    key: z.string(),
    name: z.string(),
    before: z.optional(z.string()),
    after: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('other'), line: z.int(), what: z.string() }),
]);
export type DifferenceView = z.infer<typeof difference>;

/** What a script would do, and that nothing was done. */
export const simulationView = z.object({
  outcome: z.enum(simulationOutcomes),
  code: z.optional(z.string()),
  line: z.optional(z.int()),
  sentence: z.string(),
  guards: z.array(simulatedLine),
  steps: z.array(z.object({ line: z.int(), sentence: z.string(), changes: z.int() })),
  differences: z.array(difference),
  proofs: z.array(simulatedLine),
  reboot: z.boolean(),
  tell: z.optional(z.string()),
  unknownPlaces: z.array(z.string()),
});
export type SimulationView = z.infer<typeof simulationView>;

export const remediationEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/remediations',
    role: 'viewer',
    summary: 'Every remediation with where it stands, newest change first.',
    status: 200,
    answer: remediationList,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/remediations/:remediationId',
    role: 'viewer',
    summary: 'All versions, newest first, and who may sign.',
    status: 200,
    answer: remediationDetail,
  }),
  reach: endpoint({
    method: 'GET',
    path: '/api/remediations/:remediationId/versions/:version/reach',
    role: 'viewer',
    summary:
      'Which machines would do nothing with a version, by what they last told; all, or that of an incident.',
    query: reachQuery,
    status: 200,
    answer: remediationReach,
  }),
  saveVersion: endpoint({
    method: 'POST',
    path: '/api/remediations/:remediationId/versions',
    role: 'author',
    summary: 'Keeps a sound script as the next, immutable version.',
    body: newVersion,
    status: 201,
    answer: savedVersion,
  }),
  approve: endpoint({
    method: 'POST',
    path: '/api/approvals',
    role: 'approver',
    summary: 'Takes a signed approval, or one more signature on it.',
    body: newApproval,
    status: 201,
    answer: approvalProgress,
  }),
  labMachines: endpoint({
    method: 'GET',
    path: '/api/lab-machines',
    role: 'viewer',
    summary: 'Broken machines on which a script can be tried.',
    status: 200,
    answer: labMachines,
  }),
  simulate: endpoint({
    method: 'POST',
    path: '/api/simulations',
    role: 'author',
    summary: 'What a script would do to a lab machine, or to a machine as its incident recorded it.',
    body: newSimulation,
    status: 200,
    answer: simulationView,
  }),
};
