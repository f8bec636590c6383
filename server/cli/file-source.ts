import fs from 'node:fs';
import type { ByteSource } from '../../shared/bytes/byte-source.ts';

/** A file that could not be opened or read, in words for the person who named it. */
export interface FileProblem {
  readonly code: 'file-not-found' | 'file-not-readable' | 'not-a-file' | 'read-failed' | 'not-text';
  readonly message: string;
}

/** A file as a source of bytes; nothing is kept of it in memory. */
export interface FileSource extends ByteSource {
  /** Set once a read failed, as on a dying disk; what could not be read looks like the end of the file. */
  readonly problem: FileProblem | undefined;
}

export type FileResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly problem: FileProblem | undefined }
  | { readonly ok: false; readonly problem: FileProblem };

/** Opens a file for the time of `use`. */
export function withFile<Value>(file: string, use: (source: ByteSource) => Value): FileResult<Value> {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch (error) {
    return { ok: false, problem: openProblem(file, error) };
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) {
      return { ok: false, problem: { code: 'not-a-file', message: `${file} is no ordinary file` } };
    }
    const source = fileSource(descriptor, stat.size, file);
    return { ok: true, value: use(source), problem: source.problem };
  } finally {
    fs.closeSync(descriptor);
  }
}

function fileSource(descriptor: number, sizeBytes: number, file: string): FileSource {
  let problem: FileProblem | undefined;
  return {
    sizeBytes,
    get problem() {
      return problem;
    },
    read(offset, lengthBytes) {
      const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, sizeBytes - offset)));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const read = fs.readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
          if (read === 0) break;
          filled += read;
        }
      } catch (error) {
        const message = `${file} cannot be read at ${offset}: ${reasonOf(error)}`;
        problem ??= { code: 'read-failed', message };
      }
      return bytes.subarray(0, filled);
    },
  };
}

function openProblem(file: string, error: unknown): FileProblem {
  const reason = reasonOf(error);
  if (reason === 'ENOENT' || reason === 'ENOTDIR') {
    return { code: 'file-not-found', message: `there is no file ${file}` };
  }
  return { code: 'file-not-readable', message: `${file} cannot be opened: ${reason}` };
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
