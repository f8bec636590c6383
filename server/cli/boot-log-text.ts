import type { BootLog, BootRecord } from '../../shared/bootlog/boot-log.ts';
import { compareWithGoodBoot } from '../../shared/bootlog/compare-boots.ts';
import type { SrtSession, SrtStep, SrtTrail } from '../../shared/bootlog/srt-trail.ts';
import { type Paint, alignColumns } from './terminal.ts';

/** ntbtlog.txt as a person reads it: the driver loaded last, then the starts, newest first. */
export function renderBoots(log: BootLog, paint: Paint): string[] {
  const { boots, lastLoaded } = log;
  const newest = boots.at(-1);
  const last = lastLoaded ? `${paint('bad', lastLoaded.name)} was loaded last` : 'No driver was loaded';
  return [
    `${last} in the newest start${newest?.startedAtLocal ? ` (${timeOf(newest)})` : ''}.`,
    ...renderDifference(log),
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

/** What the newest start lacks of the last one that went further; nothing when none did. */
function renderDifference(log: BootLog): string[] {
  const difference = compareWithGoodBoot(log);
  const [next] = difference?.missing ?? [];
  if (!difference || !next) return [];
  const { good, missing, added } = difference;
  const further = `${missing.length} ${missing.length === 1 ? 'driver' : 'drivers'} further`;
  const names = added.map(entry => entry.name).slice(0, 8);
  return [
    `The start of ${timeOf(good)} went ${further}: ${next.name} should have come next.`,
    ...(names.length > 0 ? [`New since then: ${names.join(', ')}.`] : []),
  ];
}

const timeOf = (boot: BootRecord) => boot.startedAtLocal?.replace('T', ' ') ?? 'not told';

/** SrtTrail.txt as a person reads it: the root cause, then the sessions, newest first. */
export function renderTrail(trail: SrtTrail, paint: Paint): string[] {
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
