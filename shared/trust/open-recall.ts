import { payloadTypes, type RecallDocument, recallDocument, type TrustDocument } from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** Opens a recall list that is newer than the one known; any one approver suffices. */
export function openRecall(
  sealed: Envelope,
  trust: TrustDocument,
  knownVersion: number,
  verify: Verify,
): Opened<RecallDocument> {
  const opened = openDocument(
    sealed,
    { payloadType: payloadTypes.recall, schema: recallDocument, signers: trust.approvers, threshold: 1 },
    verify,
  );
  if (!opened.ok) return opened;
  if (opened.document.organization !== trust.organization)
    return refuse('wrong-organization', 'The recall list is from another organization.');
  if (opened.document.version <= knownVersion)
    return refuse('version-not-newer', `Recall list ${knownVersion} is already known.`);
  return opened;
}
