import { compareVersions, isVersion } from '../facts/version.ts';
import {
  type AgentReleaseDocument,
  agentReleaseDocument,
  payloadTypes,
  type TrustDocument,
} from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** What the device knows when a release is offered. */
export interface AgentReleaseContext {
  readonly trust: TrustDocument;
  /** The version that runs. */
  readonly version: string;
  /** The highest number this device has taken, 0 for none. */
  readonly numberTaken: number;
}

/**
 * Decides whether enough approvers signed exactly this agent for this organization, and whether it is newer than what
 * runs and than every release that was taken before. Signatures are checked over the raw bytes before anything is parsed.
 */
export function openAgentRelease(
  sealed: Envelope,
  { trust, version, numberTaken }: AgentReleaseContext,
  verify: Verify,
): Opened<AgentReleaseDocument> {
  const opened = openDocument(
    sealed,
    {
      payloadType: payloadTypes.agentRelease,
      schema: agentReleaseDocument,
      signers: trust.approvers,
      threshold: trust.threshold,
    },
    verify,
  );
  if (!opened.ok) return opened;
  const release = opened.document;
  if (release.organization !== trust.organization)
    return refuse('wrong-organization', 'The release is of another organization.');
  const signedByFile = (opened.signers ?? []).some(signer =>
    trust.approvers.some(key => key.keyId === signer.keyId && key.kind === 'file'),
  );
  if (!signedByFile)
    return refuse('file-key-required', 'An agent needs a signature made outside the server.');
  if (release.number <= numberTaken)
    return refuse('version-not-newer', `Release ${numberTaken} was taken before.`);
  if (!isVersion(version) || compareVersions(release.version, version) <= 0)
    return refuse('version-not-newer', `Version ${version} runs already.`);
  return { ok: true, document: release };
}
