import type { Facts, FactValue } from '../../../shared/facts/facts.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';

/** Facts while they are gathered. */
export type FactRecord = Record<string, FactValue>;

/** Bytes the device would send when asked. */
export interface EvidencePiece {
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What one look at the machine found. */
export interface Collected {
  readonly facts: Facts;
  readonly evidence: readonly EvidencePiece[];
}
