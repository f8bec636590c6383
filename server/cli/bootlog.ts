import type { BootLog, BootRecord, LogProblem } from '../../shared/bootlog/boot-log.ts';
import { maxLogBytes } from '../../shared/bootlog/log-text.ts';
import { readBootLog } from '../../shared/bootlog/read-boot-log.ts';
import { readSrtTrail } from '../../shared/bootlog/read-srt-trail.ts';
import type { SrtSession, SrtStep, SrtTrail } from '../../shared/bootlog/srt-trail.ts';
import type { ByteSource } from '../../shared/bytes/byte-source.ts';
import { withFile } from './file-source.ts';
import {
  type Paint,
  type Terminal,
  alignColumns,
  painter,
  processTerminal,
  readFileArguments,
  reportFailure,
} from './terminal.ts';

/** `bootmend bootlog FILE [--json]`: what ntbtlog.txt or SrtTrail.txt says. Gives the exit code. */
export async function runBootlog(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readFileArguments(argv);
  if (!asked) {
    terminal.error('Usage: bootmend bootlog FILE [--json]\n');
    return 2;
  }
  const read = withFile(asked.file, readNewest);
  if (read.problem) reportFailure(terminal, asked.json && !read.ok, read.problem);
  if (!read.ok) return 1;
  const log = readLog(read.value);
  if (!log) {
    const message = 'the file is neither an ntbtlog.txt nor a SrtTrail.txt';
    reportFailure(terminal, asked.json, { code: 'not-a-log', message, place: `${asked.file}, line 1` });
    return 1;
  }
  terminal.out(
    asked.json ? `${JSON.stringify(log, null, 2)}\n` : `${renderLog(log, painter(terminal)).join('\n')}\n`,
  );
  return 0;
}

/** The whole log, or of a longer one a little more than its readers look at. */
function readNewest(source: ByteSource): Uint8Array {
  const start = Math.max(0, source.sizeBytes - maxLogBytes - 2);
  return source.read(start + (start % 2), source.sizeBytes - start);
}

function readLog(bytes: Uint8Array): BootLog | SrtTrail | undefined {
  const trail = readSrtTrail(bytes);
  if (trail.ok) return trail.trail;
  const log = readBootLog(bytes);
  return log.ok ? log.log : undefined;
}

/** A log as a person reads it: the newest and the telling first. */
export function renderLog(log: BootLog | SrtTrail, paint: Paint): string[] {
  const lines = log.format === 'ntbtlog' ? renderBoots(log, paint) : renderTrail(log, paint);
  return [...lines, ...renderProblems(log.problems, paint)];
}

function renderBoots({ boots, lastLoaded }: BootLog, paint: Paint): string[] {
  const newest = boots.at(-1);
  const last = lastLoaded ? `${paint('bad', lastLoaded.name)} was loaded last` : 'No driver was loaded';
  return [
    `${last} in the newest start${newest?.startedAtLocal ? ` (${timeOf(newest)})` : ''}.`,
    '',
    paint('strong', 'Starts, newest first'),
    ...alignColumns([
      ['local time', 'build', 'loaded', 'not loaded', 'last loaded'],
      ...boots
        .toReversed()
        .map(boot => [
          timeOf(boot),
          boot.osBuild?.toString() ?? '-',
          boot.loaded.length.toString(),
          boot.notLoaded.length.toString(),
          boot.loaded.at(-1)?.name ?? '-',
        ]),
    ]),
    '',
    paint('strong', 'Loaded in the newest start, in order'),
    ...alignColumns((newest?.loaded ?? []).map(entry => [entry.name, entry.path])),
  ];
}

const timeOf = (boot: BootRecord) => boot.startedAtLocal?.replace('T', ' ') ?? 'not told';

function renderTrail(trail: SrtTrail, paint: Paint): string[] {
  const newest = trail.sessions.at(-1);
  const cause = newest?.rootCauses[0]?.text ?? 'No root cause was found';
  return [
    paint('bad', cause),
    '',
    ...alignColumns([
      ['repair attempts', trail.attempts?.toString() ?? 'not told'],
      ['last good start', trail.lastBootTimeText ?? 'not told'],
    ]),
    ...trail.sessions.toReversed().flatMap((session, index) => renderSession(session, index === 0, paint)),
  ];
}

function renderSession(session: SrtSession, isNewest: boolean, paint: Paint): string[] {
  const where = session.windowsDirectory ?? 'no Windows folder';
  return [
    '',
    paint(
      'strong',
      `${isNewest ? 'Newest session' : 'Session before'}: ${where} on ${session.systemDisk ?? '?'}`,
    ),
    ...session.rootCauses.map(cause => `  ${paint('bad', cause.text)}`),
    ...alignColumns([
      ...session.tests.map(step => ['test', ...stepCells(step)]),
      ...session.repairActions.map(step => ['repair', ...stepCells(step)]),
    ]),
  ];
}

const stepCells = (step: SrtStep) => [
  step.name,
  step.errorCode ?? '-',
  step.timeMs === null ? '-' : `${step.timeMs} ms`,
  step.result,
];

function renderProblems(problems: readonly LogProblem[], paint: Paint): string[] {
  if (problems.length === 0) return [];
  const rows = problems.map(one => [one.code, one.line === undefined ? '' : `line ${one.line}`, one.message]);
  return ['', paint('warn', 'Not understood'), ...alignColumns(rows)];
}
