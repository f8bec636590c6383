import type { ByteSource } from '../../shared/bytes/byte-source.ts';
import { readEvidenceArguments } from './evidence/evidence-arguments.ts';
import { headBytes } from './evidence/evidence-file.ts';
import { findSingleFile } from './evidence/find-evidence.ts';
import { type LogReading, isLog, readEvidence, readTextLog } from './evidence/read-evidence.ts';
import { lookAt } from './evidence/recognise.ts';
import { redactionFor } from './evidence/redaction.ts';
import { type Manner, runOnMany } from './evidence/run-on-many.ts';
import { withFile } from './file-source.ts';
import { renderLog } from './log-text.ts';
import { type Terminal, painter, processTerminal, reportFailure, wrongUsage } from './terminal.ts';

/**
 * `bootmend bootlog PATH… [--json] [--redact]`: what ntbtlog.txt, SrtTrail.txt and the other logs of a failed start
 * say. Gives the exit code.
 */
export async function runBootlog(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readEvidenceArguments(argv);
  if (!asked) return wrongUsage('bootlog', terminal);
  const file = findSingleFile(asked.paths);
  if (file === undefined) return runOnMany(asked, manner, terminal);
  const redaction = redactionFor(asked.redact, terminal);
  const read = withFile(file, readLog);
  if (read.problem) reportFailure(redaction.terminal, asked.json && !read.ok, redaction.value(read.problem));
  if (!read.ok) return 1;
  if (!read.value) {
    const message =
      'the file is neither an ntbtlog.txt nor a SrtTrail.txt, nor another log of starts or servicing';
    const problem = { code: 'not-a-log', message, place: `${file}, line 1` };
    reportFailure(redaction.terminal, asked.json, redaction.value(problem));
    return 1;
  }
  const log = redaction.value(read.value);
  terminal.out(
    asked.json ? `${JSON.stringify(log, null, 2)}\n` : `${renderLog(log, painter(terminal)).join('\n')}\n`,
  );
  return read.problem ? 1 : 0;
}

const manner: Manner = {
  isWanted: isLog,
  render: ({ reading }, paint) =>
    'problems' in reading && 'format' in reading ? renderLog(reading, paint) : [],
};

/** Who names a file as a log means it: damage at its start does not make it something else. */
function readLog(source: ByteSource): LogReading | undefined {
  const look = lookAt(source.read(0, headBytes), source.sizeBytes);
  const read = readEvidence({ source, withLogs: use => use({}) }, look);
  if (!read) return readTextLog(source);
  return read.ok && isLog(read.evidence.kind) ? (read.evidence.reading as LogReading) : undefined;
}
