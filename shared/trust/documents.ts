import * as z from 'zod/mini';
import { envelope } from './envelope.ts';

const hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const version = z.int().check(z.positive());
const name = z.string().check(z.maxLength(200));
const organization = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

/** A key that may take part in approving scripts. `file` keys sign outside the server; risk high needs one. */
export const approverKey = z.object({
  keyId: name,
  publicKey: hex32,
  kind: z.enum(['file', 'browser']),
  owner: name,
});
export type ApproverKey = z.infer<typeof approverKey>;

/**
 * What a device believes: who approves, how many of them it takes, which key issues orders, which servers it talks to.
 * Newer versions come as a chain, each signed by the threshold of the version before and by its own.
 */
export const trustDocument = z.object({
  type: z.literal('trust'),
  organization,
  version,
  threshold: z.int().check(z.positive(), z.maximum(16)),
  approvers: z.array(approverKey).check(z.minLength(1), z.maxLength(32)),
  onlineKey: z.object({ keyId: name, publicKey: hex32 }),
  serverPins: z.array(hex32).check(z.minLength(1), z.maxLength(8)),
  issuedAt: z.iso.datetime(),
});
export type TrustDocument = z.infer<typeof trustDocument>;

// Schemas that a device rarely needs are built when they are first asked for: its interpreter takes milliseconds for it.

/** What approvers sign: exactly these script bytes, for this organization, until this instant. */
export const approvalDocument = z.lazy(() =>
  z.object({
    type: z.literal('approval'),
    organization,
    remediationId: name,
    version,
    scriptSha256: hex32,
    risk: z.enum(['low', 'medium', 'high']),
    /** Rises with every approval of the organization; a device refuses one older than the newest it obeyed for this remediation. */
    sequence: z.int().check(z.positive()),
    approvedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** Devices that may run it: each condition names a fact and the values it may have; the device checks it itself. */
    devices: z.object({
      kind: z.enum(['every-device', 'matching']),
      where: z.array(
        z.object({
          fact: name,
          oneOf: z.array(z.union([name, z.int()])).check(z.minLength(1), z.maxLength(256)),
        }),
      ),
    }),
  }),
);
export type ApprovalDocument = z.infer<typeof approvalDocument>;

/** "You, this incident, this script, now": signed by the online key, worthless without the approval. */
export const orderDocument = z.lazy(() =>
  z.object({
    type: z.literal('order'),
    organization,
    deviceId: name,
    incidentId: name,
    attemptId: name,
    episode: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
    /** The nonce of the check-in that this order answers. */
    nonce: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
    scriptSha256: hex32,
    validForSeconds: z.int().check(z.positive(), z.maximum(86_400)),
  }),
);
export type OrderDocument = z.infer<typeof orderDocument>;

/**
 * "You, take that attempt back": signed by the online key. It can only bring back what an approved script took away, and
 * only where the device still holds it.
 */
export const undoOrderDocument = z.lazy(() =>
  z.object({
    type: z.literal('undo-order'),
    organization,
    deviceId: name,
    attemptId: name,
    scriptSha256: hex32,
    /** The nonce of the message that this order answers. */
    nonce: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  }),
);
export type UndoOrderDocument = z.infer<typeof undoOrderDocument>;

/** Scripts that no device may run any more. Any one approver may sign it; its version only rises. */
export const recallDocument = z.lazy(() =>
  z.object({
    type: z.literal('recall'),
    organization,
    version,
    scriptSha256s: z.array(hex32).check(z.maxLength(1024)),
  }),
);
export type RecallDocument = z.infer<typeof recallDocument>;

/** The largest agent that a device takes: four times what one may weigh. */
export const maxAgentBytes = 4 * 1024 * 1024;

/**
 * An agent that may take the place of an older one: exactly these bytes. It runs as SYSTEM, so it takes the threshold of
 * approvers and a key that signs outside the server.
 */
export const agentReleaseDocument = z.lazy(() =>
  z.object({
    type: z.literal('agent-release'),
    organization,
    /** Rises with every release of the organization; a device never goes back. */
    number: version,
    version: z.string().check(z.regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/)),
    sha256: hex32,
    sizeBytes: z.int().check(z.positive(), z.maximum(maxAgentBytes)),
    approvedAt: z.iso.datetime(),
  }),
);
export type AgentReleaseDocument = z.infer<typeof agentReleaseDocument>;

/**
 * What a machine without a network may decide by itself: compiled rules, each with the script that approvers signed
 * for it. Sealed by the online key, which chooses; the approvals inside say what may run at all.
 */
export const offlineBundleDocument = z.lazy(() =>
  z.object({
    type: z.literal('offline-bundle'),
    organization,
    /** Rises with every bundle of the organization. */
    version,
    expiresAt: z.iso.datetime(),
    remedies: z
      .array(
        z.object({
          /** A compiled rule; one that cannot be read matches nothing. */
          rule: z.json(),
          remediationId: name,
          approval: envelope,
          script: z.string().check(z.maxLength(65_536)),
        }),
      )
      .check(z.maxLength(64)),
  }),
);
export type OfflineBundleDocument = z.infer<typeof offlineBundleDocument>;

/** So many known issues one signed catalogue holds. */
export const maxCatalogueIssues = 2000;

/**
 * Known issues with their scripts as texts, to carry to a place without a network. Sealed by a key that the receiver
 * names; a script in it still needs the receiver's own approvals before any device runs it.
 */
export const catalogueDocument = z.lazy(() =>
  z.object({
    type: z.literal('catalogue'),
    madeAt: z.iso.datetime(),
    issues: z
      .array(
        z.object({
          id: name,
          source: z.string().check(z.maxLength(65_536)),
          script: z.optional(z.string().check(z.maxLength(65_536))),
        }),
      )
      .check(z.maxLength(maxCatalogueIssues)),
  }),
);
export type CatalogueDocument = z.infer<typeof catalogueDocument>;

/** Payload types of the envelopes. */
export const payloadTypes = {
  trust: 'application/vnd.bootmend.trust+json',
  approval: 'application/vnd.bootmend.approval+json',
  order: 'application/vnd.bootmend.order+json',
  recall: 'application/vnd.bootmend.recall+json',
  offlineBundle: 'application/vnd.bootmend.offline-bundle+json',
  catalogue: 'application/vnd.bootmend.catalogue+json',
  undoOrder: 'application/vnd.bootmend.undo-order+json',
  agentRelease: 'application/vnd.bootmend.agent-release+json',
} as const;
