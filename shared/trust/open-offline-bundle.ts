import {
  type OfflineBundleDocument,
  offlineBundleDocument,
  payloadTypes,
  type TrustDocument,
} from './documents.ts';
import type { Envelope, Verify } from './envelope.ts';
import { openDocument, type Opened, refuse } from './open-document.ts';

/** What the device knows when it finds a bundle. */
export interface OfflineBundleContext {
  readonly trust: TrustDocument;
  /** The latest instant the device can prove has passed, milliseconds since 1970. Not the wall clock. */
  readonly timeFloorMs: number;
  /** The highest version this device has used, 0 for none. */
  readonly versionUsed: number;
}

/**
 * Decides whether a bundle is of this organization's server and not older than the one used before. The signature is
 * checked over the raw bytes before anything is parsed. What may run is a question for each approval in it.
 */
export function openOfflineBundle(
  sealed: Envelope,
  context: OfflineBundleContext,
  verify: Verify,
): Opened<OfflineBundleDocument> {
  const { trust, timeFloorMs, versionUsed } = context;
  const opened = openDocument(
    sealed,
    {
      payloadType: payloadTypes.offlineBundle,
      schema: offlineBundleDocument,
      signers: [trust.onlineKey],
      threshold: 1,
    },
    verify,
  );
  if (!opened.ok) return opened;
  const bundle = opened.document;
  if (bundle.organization !== trust.organization)
    return refuse('wrong-organization', 'The bundle is of another organization.');
  if (bundle.version < versionUsed)
    return refuse('version-not-newer', `Version ${versionUsed} of the bundle was used before.`);
  if (Date.parse(bundle.expiresAt) <= timeFloorMs)
    return refuse('expired', `The bundle expired at ${bundle.expiresAt}.`);
  return { ok: true, document: bundle };
}
