import type { KnownEvidence } from './intake-store.ts';

/** The pieces that a device was never asked for; bytes that were asked for under another name count as asked. */
export function unaskedEvidence(
  candidates: readonly { readonly evidenceId: string; readonly sha256: string }[],
  known: Readonly<Record<string, KnownEvidence>>,
): string[] {
  const asked = Object.values(known).filter(piece => piece.state !== 'offered');
  const askedHashes = new Set(asked.map(piece => piece.sha256));
  return candidates
    .filter(({ evidenceId, sha256 }) => {
      const isOffered = (known[evidenceId]?.state ?? 'offered') === 'offered';
      return isOffered && !askedHashes.has(sha256);
    })
    .map(candidate => candidate.evidenceId);
}
