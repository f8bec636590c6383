import type { Stats } from 'node:fs';
import { type FileResult, withFile } from '../file-source.ts';
import { type EvidenceFile, type EvidenceResult, headBytes } from './evidence-file.ts';
import { findLogs, withLogs } from './hive-logs.ts';

/** A file on disk as evidence; it is opened only while it is looked at. */
export const diskFile = (
  path: string,
  stat: Pick<Stats, 'size' | 'mtimeMs'> | undefined,
  isNamed: boolean,
): EvidenceFile => ({
  path,
  isNamed,
  sizeBytes: stat?.size ?? 0,
  writtenAtMs: stat ? Math.floor(stat.mtimeMs) : null,
  readHead: () => Promise.resolve(evidenceOf(withFile(path, source => source.read(0, headBytes)))),
  open: use =>
    Promise.resolve(
      evidenceOf(
        withFile(path, source => use({ source, withLogs: useLogs => withLogs(findLogs(path), {}, useLogs) })),
      ),
    ),
});

const evidenceOf = <Value>(result: FileResult<Value>): EvidenceResult<Value> => result;
