import type { WantedPiece } from '../../../shared/wire/answer.ts';
import type { EvidenceOffer } from '../../../shared/wire/evidence.ts';
import type { KnownEvidence } from './intake-store.ts';

type Known = Readonly<Record<string, KnownEvidence>>;

/** The pieces that a device was never asked for; bytes that were asked for under another name count as asked. */
export function unaskedEvidence(
  candidates: readonly Pick<EvidenceOffer, 'evidenceId' | 'sha256'>[],
  known: Known,
): WantedPiece[] {
  const asked = Object.values(known).filter(piece => piece.state !== 'offered');
  const askedHashes = new Set(asked.map(piece => piece.sha256));
  return candidates
    .filter(({ evidenceId, sha256 }) => {
      const isOffered = (known[evidenceId]?.state ?? 'offered') === 'offered';
      return isOffered && !askedHashes.has(sha256);
    })
    .map(({ evidenceId }) => ({ evidenceId, fromBytes: 0 }));
}

/** The pieces that a device was asked for, still has and has not sent to their end, each from where it broke off. */
export const unfinishedEvidence = (offers: readonly EvidenceOffer[], known: Known): WantedPiece[] =>
  offers.flatMap(({ evidenceId }) => {
    const piece = known[evidenceId];
    return piece?.state === 'wanted' || piece?.state === 'receiving'
      ? [{ evidenceId, fromBytes: piece.receivedBytes }]
      : [];
  });
