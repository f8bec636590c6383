import type { ByteSource } from '../bytes/byte-source.ts';
import { printable } from '../bytes/printable.ts';
import type { LogProblem } from './boot-log.ts';
import { findKnownCode } from './known-codes.ts';
import { readLogTail } from './log-tail.ts';
import { localTimeOf, type LogTimeParts } from './log-time.ts';
import type { PendingRenameFailure, PendingRenamesLogResult } from './pending-renames-log.ts';
import type { PendingRenameRun } from './pending-renames-log.ts';

const maxProblems = 32;
const maxLineLength = 2048;
const maxRuns = 1000;
const maxFailures = 10_000;

/** `6/5/2019 6:13:32 - PFRO Error: ...`: month first and in English in every language of Windows. */
const stamped =
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}) (?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2}) - (?<text>.+)$/;
const failed = /^PFRO Error: (.+), 0x([0-9a-f]{1,8})$/i;
const succeeded = /^(\d{1,9}) Successful PFRO operations$/i;
/** Paths may hold commas, so the second one is told by its beginning: a path again, or `|delete operation|`. */
const twoPaths = /^(.+?), (\|[^|]*\||!?\\\?\?\\.*)$/;

/**
 * Reads the end of PFRO.log, in which the session manager tells of files it could not rename or delete at a start.
 * Never throws; a file without any such line is a problem itself.
 */
export function readPendingRenamesLog(source: ByteSource): PendingRenamesLogResult {
  const { encoding, lines, problems: textProblems } = readLogTail(source);
  const problems: LogProblem[] = [...textProblems];
  const report = (code: string, message: string, line: number) => {
    if (problems.length < maxProblems) problems.push({ code, message, line });
  };
  const runs: (PendingRenameRun & { failures: PendingRenameFailure[] })[] = [];
  let failureCount = 0;
  let isClosed = true;

  lines.forEach((raw, index) => {
    const line = index + 1;
    const text = raw.slice(0, maxLineLength).trim();
    if (text === '') return;
    const parts = stamped.exec(text)?.groups;
    const said = parts?.['text'] ?? '';
    const failure = failed.exec(said);
    const count = succeeded.exec(said)?.[1];
    if (!failure && count === undefined) {
      const message = `"${printable(text.slice(0, 60))}" is no line of a PFRO.log`;
      report('unknown-line', message, line);
      return;
    }
    const startedAtLocal = localTimeOf(parts as unknown as LogTimeParts);
    const last = runs.at(-1);
    // All lines of one start carry the same second; a start that was cut off has no count at its end.
    if (isClosed || last?.startedAtLocal !== startedAtLocal) {
      runs.push({ startedAtLocal, succeeded: null, failures: [], line });
      if (runs.length > maxRuns) runs.shift();
    }
    isClosed = count !== undefined;
    if (count !== undefined) runs[runs.length - 1] = { ...runs.at(-1)!, succeeded: Number(count) };
    else if (++failureCount > maxFailures) {
      if (failureCount === maxFailures + 1) {
        report('too-many-failures', `only the first ${maxFailures} failures are given`, line);
      }
    } else runs.at(-1)!.failures.push(failureOf(failure![1]!, failure![2]!, line));
  });

  if (runs.length === 0) {
    const message = 'no line tells of a pending rename; this is no PFRO.log';
    return { ok: false, problem: { code: 'not-a-pending-renames-log', message, line: 1 } };
  }
  return { ok: true, log: { format: 'pending-renames-log', encoding, runs: runs.toReversed(), problems } };
}

function failureOf(paths: string, digits: string, line: number): PendingRenameFailure {
  const [, from = paths, to = ''] = twoPaths.exec(paths) ?? [];
  const status = `0x${Number.parseInt(digits, 16).toString(16)}`;
  return {
    path: plainPath(from),
    newPath: to === '' || to.startsWith('|') ? null : plainPath(to),
    status,
    statusName: findKnownCode(status)?.name ?? null,
    line,
  };
}

/** `!` says that the target may be replaced. */
const plainPath = (path: string) => printable(path.replace(/^!?\\\?\?\\/, ''));
