import type { Facts } from '../facts/facts.ts';
import { type ApprovalDocument, approvalDocument, payloadTypes, type TrustDocument } from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** What the device knows when it judges an approval. */
export interface ApprovalContext {
  readonly trust: TrustDocument;
  /** SHA-256 of the script bytes that would run, 64 hex digits. */
  readonly scriptSha256: string;
  /** The latest instant the device can prove has passed, milliseconds since 1970. Not the wall clock. */
  readonly timeFloorMs: number;
  readonly recalledScripts: readonly string[];
  /** The highest sequence obeyed so far for this remediation, 0 for none. */
  readonly sequenceObeyed: (remediationId: string) => number;
  readonly facts: Facts;
}

/**
 * Decides whether enough approvers signed exactly this script for this device. Signatures are checked over raw bytes
 * before anything is parsed; whatever cannot be known refuses.
 */
export function openApproval(
  sealed: Envelope,
  context: ApprovalContext,
  verify: Verify,
): Opened<ApprovalDocument> {
  const { trust } = context;
  const opened = openDocument(
    sealed,
    {
      payloadType: payloadTypes.approval,
      schema: approvalDocument,
      signers: trust.approvers,
      threshold: trust.threshold,
    },
    verify,
  );
  if (!opened.ok) return opened;
  const approval = opened.document;
  if (approval.organization !== trust.organization)
    return refuse('wrong-organization', 'The approval is for another organization.');
  if (approval.scriptSha256 !== context.scriptSha256)
    return refuse('script-changed', 'The script is not the one that was approved.');
  const signedByFile = (opened.signers ?? []).some(signer =>
    trust.approvers.some(key => key.keyId === signer.keyId && key.kind === 'file'),
  );
  if (approval.risk === 'high' && !signedByFile)
    return refuse('file-key-required', 'A script of high risk needs a signature made outside the server.');
  if (context.recalledScripts.includes(approval.scriptSha256))
    return refuse('recalled', 'The script was recalled by an approver.');
  if (Date.parse(approval.expiresAt) <= context.timeFloorMs)
    return refuse('expired', `The approval expired at ${approval.expiresAt}.`);
  if (approval.sequence < context.sequenceObeyed(approval.remediationId))
    return refuse('older-than-obeyed', 'A newer approval of this remediation was already obeyed.');
  if (!isForDevice(approval, context.facts))
    return refuse(
      'not-for-this-device',
      'The approval is not for devices like this one, or that cannot be known.',
    );
  return { ok: true, document: approval };
}

function isForDevice(approval: ApprovalDocument, facts: Facts): boolean {
  const { kind, where } = approval.devices;
  if (kind === 'every-device') return where.length === 0;
  return where.length > 0 && where.every(({ fact, oneOf }) => oneOf.some(value => facts[fact] === value));
}
