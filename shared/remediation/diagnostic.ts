/** A stretch of the text: offsets in UTF-16 units, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A change of the text that answers a diagnostic. */
export interface Fix {
  /** What the change does, as an editor offers it: `Write %SystemRoot%`. */
  readonly title: string;
  readonly span: Span;
  readonly text: string;
}

/** A mistake in a script: what is wrong here, then what would be accepted. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  /** Counted from 1, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Length of the marked stretch within its first line; 0 marks a place between characters. */
  readonly length: number;
  readonly fix?: Fix;
}

/** Every mistake there is. Codes are stable and never reused. */
export const diagnosticCodes = [
  'too-large',
  'too-many-problems',
  'byte-order-mark',
  'carriage-return',
  'tab',
  'forbidden-character',
  'line-too-long',
  'unclosed-text',
  'comment-needs-own-line',
  'wrong-indentation',
  'unexpected-body',
  'missing-body',
  'nested-too-deep',
  'unknown-word',
  'unexpected-word',
  'unfinished-line',
  'duplicate-line',
  'duplicate-clause',
  'clause-not-allowed',
  'wrong-order',
  'no-step',
  'too-many-lines',
  'invalid-text',
  'invalid-source',
  'invalid-name',
  'invalid-number',
  'invalid-version',
  'invalid-instant',
  'invalid-size',
  'invalid-hash',
  'missing-zone',
  'empty-range',
  'drive-letter',
  'network-path',
  'unknown-place',
  'missing-place',
  'place-inside-in',
  'slash-in-path',
  'relative-part',
  'empty-part',
  'alternate-stream',
  'device-name',
  'trailing-dot-or-blank',
  'forbidden-in-name',
  'path-too-long',
  'missing-file-name',
  'wildcard-in-folder',
  'wildcard-not-allowed',
  'not-a-name',
  'matches-everything',
  'protected-place',
  'launch-place',
  'same-file',
  'changed-twice',
  'file-of-windows',
  'invalid-key',
  'protected-key',
  'invalid-class',
  'invalid-device',
  'invalid-binary',
  'limit-out-of-range',
  'missing-evidence',
  'one-way-not-last',
  'no-undo-not-accepted',
  'risk-too-low',
  'verify-looks-at-files',
  'messages-too-long',
  'not-a-program',
  'interpreter',
  'invalid-argument',
  'program-not-pinned',
  'source-not-pinned',
  'no-time-limit',
  'program-not-high-risk',
] as const;
export type DiagnosticCode = (typeof diagnosticCodes)[number];
