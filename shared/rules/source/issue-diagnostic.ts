/** Every mistake an issue file can have. Codes are stable and never reused. */
export const issueDiagnosticCodes = [
  'too-large',
  'not-yaml',
  'alias',
  'unknown-field',
  'missing-field',
  'wrong-value',
  'unknown-condition',
  'empty-condition',
  'too-many-conditions',
  'nested-too-deep',
  'unknown-fact',
  'wrong-question',
  'empty-range',
  'never-holds',
  'invalid-path',
  'private-place',
  'unsupported-pattern',
  'pattern-too-large',
  'empty-pattern',
  'shadowed',
] as const;
export type IssueDiagnosticCode = (typeof issueDiagnosticCodes)[number];

/** A mistake in an issue file: what is wrong here, then what would be accepted. Line and column count from 1. */
export interface IssueDiagnostic {
  readonly code: IssueDiagnosticCode;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** Field within the file, as `when.all.0.fact`. */
  readonly field: string;
}
