import type { ByteSource } from '../../../shared/bytes/byte-source.ts';
import type { HiveLogs } from '../../../shared/registry/recover-hive.ts';

/** Why a file, folder or archive could not be looked into, in words for the person who named it. */
export interface EvidenceProblem {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
}

/** A file that lies open. */
export interface OpenEvidence {
  readonly source: ByteSource;
  /** Opens the logs beside a registry hive for the time of `use`. */
  readonly withLogs: <Value>(use: (logs: HiveLogs) => Value) => Value;
}

export type EvidenceResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly problem?: EvidenceProblem | undefined }
  | { readonly ok: false; readonly problem: EvidenceProblem };

/** A file that may hold evidence, on disk or in an archive. Nothing of it is ever written. */
export interface EvidenceFile {
  /** As a person would look it up: `case/Windows/ntbtlog.txt`, `case.zip/Windows/ntbtlog.txt`. */
  readonly path: string;
  /** Whether a person named this very file; others were found in a folder or archive. */
  readonly isNamed: boolean;
  readonly sizeBytes: number;
  /** Last write; null in archives, whose times have no zone. */
  readonly writtenAtMs: number | null;
  /** The first bytes, by which a file is recognised. */
  readonly readHead: () => Promise<EvidenceResult<Uint8Array>>;
  readonly open: <Value>(use: (open: OpenEvidence) => Value) => Promise<EvidenceResult<Value>>;
}

/** A file, or why there is none at a place. */
export type Found =
  { readonly file: EvidenceFile } | { readonly path: string; readonly problem: EvidenceProblem };

export const headBytes = 4096;
