import { payloadTypes, type TrustDocument, trustDocument } from './documents.ts';
import { type Envelope, payloadOf, type Verify } from './envelope.ts';
import { listGoodSigners, openDocument, type Opened, parseDocument, refuse } from './open-document.ts';

/**
 * Opens the first trust document a device gets, at provisioning, from the admin's hand and not from a server:
 * it must carry its own threshold of signatures.
 */
export function openFirstTrust(sealed: Envelope, verify: Verify): Opened<TrustDocument> {
  const payload = payloadOf(sealed, payloadTypes.trust);
  if (!payload) return refuse('wrong-payload-type', 'Expected a trust document.');
  const document = parseDocument(payload, trustDocument);
  if (!document) return refuse('unreadable-document', 'The trust document does not have the expected shape.');
  return hasThreshold(sealed, payload, document, verify)
    ? { ok: true, document }
    : refuse('not-enough-signatures', 'The trust document does not carry its own threshold of signatures.');
}

/**
 * Follows a chain of newer trust documents, oldest first: each is signed by the threshold of the one before and by its
 * own, for the same organization, with a version exactly one higher. Stops at the first that is not believed.
 */
export function followTrustChain(
  known: TrustDocument,
  chain: readonly Envelope[],
  verify: Verify,
): { readonly trust: TrustDocument; readonly followed: readonly Envelope[]; readonly problem?: string } {
  let trust = known;
  const followed: Envelope[] = [];
  for (const sealed of chain) {
    const next = openDocument(
      sealed,
      {
        payloadType: payloadTypes.trust,
        schema: trustDocument,
        signers: trust.approvers,
        threshold: trust.threshold,
      },
      verify,
    );
    if (!next.ok) return { trust, followed, problem: next.problem.code };
    if (next.document.organization !== trust.organization)
      return { trust, followed, problem: 'wrong-organization' };
    if (next.document.version <= trust.version) continue;
    if (next.document.version !== trust.version + 1) return { trust, followed, problem: 'version-not-newer' };
    const payload = payloadOf(sealed, payloadTypes.trust);
    if (!payload || !hasThreshold(sealed, payload, next.document, verify))
      return { trust, followed, problem: 'not-enough-signatures' };
    trust = next.document;
    followed.push(sealed);
  }
  return { trust, followed };
}

function hasThreshold(
  sealed: Envelope,
  payload: Uint8Array,
  document: TrustDocument,
  verify: Verify,
): boolean {
  return listGoodSigners(sealed, payload, document.approvers, verify).length >= document.threshold;
}
