import type { Facts } from '../../../shared/facts/facts.ts';

/** An extract has at most 300 kB; nothing that is worth reading here is larger than this. */
export const largestReadBytes = 16 * 1024 * 1024;

/** What a piece of evidence says and the facts drawn from that, or why it cannot be read. */
export type EvidenceReading =
  | { readonly state: 'parsed'; readonly reading: object; readonly facts: Facts }
  | { readonly state: 'unreadable'; readonly reading: { readonly problem: ReadingProblem } };

export interface ReadingProblem {
  readonly code: string;
  readonly message: string;
}

/** What is kept instead of a reading when there is none. */
export const unreadable = ({ code, message }: ReadingProblem): EvidenceReading => ({
  state: 'unreadable',
  reading: { problem: { code, message } },
});
