import { readEvidence } from '../../../shared/evidence/read-evidence.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import { type EvidenceReading, unreadable } from './evidence-reading.ts';
import { shortenReading } from './shorten-reading.ts';

/** Reads a piece of evidence and draws facts from it as the device does; what is kept of it fits on a page. */
export function readToKeep(kind: EvidenceKind, bytes: Uint8Array): EvidenceReading {
  const read = readEvidence(kind, bytes);
  if (!read.ok) return unreadable(read.problem);
  return { state: 'parsed', reading: shortenReading(kind, read.reading), facts: read.facts };
}
