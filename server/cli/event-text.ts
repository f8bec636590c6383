import type { BootStatus } from '../../shared/bootlog/boot-status.ts';
import { sayEvent } from '../../shared/eventlog/say-event.ts';
import type { SystemEvents } from '../../shared/eventlog/system-event.ts';
import { type Paint, alignColumns, listSection, timeOf } from './terminal.ts';

/** System.evtx as a person reads it: what tells about starts, stops, crashes and updates, newest first. */
export function renderEvents({ events }: SystemEvents, paint: Paint): string[] {
  const crash = events.find(one => one.kind === 'crash' || one.kind === 'dirty-start');
  return [
    crash
      ? `${paint('bad', sayEvent(crash))} (${timeOf(crash.at)}).`
      : 'The log tells of no crash; the start that failed may have been too early for it.',
    ...listSection(
      paint('strong', 'Events, newest first'),
      events.map(one => [timeOf(one.at), `${one.provider} ${one.eventId}`, sayEvent(one)]),
    ),
  ];
}

/** bootstat.dat as a person reads it. */
export function renderBootStatus({ status, entries }: BootStatus, paint: Paint): string[] {
  const summary = status
    ? [
        status.wasLastStartGood
          ? 'The last start was good.'
          : `${paint('bad', 'The last start did not succeed')}: Windows did not come up far enough to count it as good.`,
        '',
        ...alignColumns([
          ['last stop', status.wasLastStopClean ? 'in order' : 'not in order'],
          ['last alive', timeOf(status.lastAliveAt)],
          ['start attempts', String(status.startAttempts ?? 'not told')],
        ]),
      ]
    : ['The log of a boot manager.'];
  return [
    ...summary,
    ...listSection(
      paint('strong', 'Boot log, newest first'),
      entries.map(one => [
        one.isError ? 'error' : '',
        one.event,
        one.status ?? '',
        one.path ?? '',
        one.atLocal ?? '',
      ]),
    ),
  ];
}
