import { type CollectedEvidence, collectEvidence } from './collect/collect-evidence.ts';
import type { FactRecord } from './collect/collected.ts';
import type { Run } from './heal.ts';
import { type OfferedPiece, offerEvidence } from './upload-evidence.ts';

/**
 * What the device knows and holds in this run. A first check-in stays small; when it explained nothing, the other facts
 * and answers to probes join the facts, and everything is offered.
 */
export interface Knowledge {
  readonly collected: CollectedEvidence;
  readonly pieces: readonly OfferedPiece[];
  readonly facts: FactRecord;
}

/** Looks at the machine: its facts, and the evidence that it could send. */
export function gatherKnowledge({ session, windows, memory, conversation, reason }: Run): Knowledge {
  session.enter('collect');
  const collected = collectEvidence(session.host, windows, reason, memory.device.name);
  const pieces = offerEvidence(session.host, conversation.episode.episode, collected.evidence);
  const { 'crash.module': crashModule } = collected.facts;
  session.log('info', 'facts-collected', 'The machine was looked at.', {
    facts: Object.keys(collected.facts).length,
    evidence: pieces.map(({ offer }) => offer.name).join(', '),
    ...(typeof crashModule === 'string' ? { crashModule } : {}),
  });
  return { collected, pieces, facts: { ...collected.facts } };
}
