/** What is kept of a piece of evidence: what it says, or why it cannot be read. */
export type EvidenceReading =
  | { readonly state: 'parsed'; readonly reading: unknown }
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
