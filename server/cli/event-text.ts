import type { BootStatus } from '../../shared/bootlog/boot-status.ts';
import type { SystemEvent, SystemEvents } from '../../shared/eventlog/system-event.ts';
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

/** What an event says, in a few words. */
export function sayEvent(event: SystemEvent): string {
  switch (event.kind) {
    case 'crash':
      return `Windows crashed with ${event.code}`;
    case 'dirty-start':
      return event.code === null
        ? 'Windows had stopped without shutting down, as after a power cut'
        : `Windows had stopped without shutting down, crash ${event.code}`;
    case 'update':
      return `update ${event.step}: ${event.title}${event.errorCode ? `, ${event.errorCode}` : ''}`;
    case 'unexpected-stop':
      return `the stop before was unexpected${event.lastAliveAt ? `, last alive ${timeOf(event.lastAliveAt)}` : ''}`;
    case 'log-started':
      return 'event log started';
    case 'log-stopped':
      return 'event log stopped';
    case 'asked-to-stop':
      return `${event.process ?? 'a program'} asked for: ${event.action ?? 'stop'}`;
    case 'no-dump-possible':
      return 'no crash dump can be written';
    case 'drivers-not-loaded':
      return `not loaded: ${event.drivers.join(', ')}`;
    case 'recovery-image-not-updated':
      return `recovery image was not updated, ${event.errorCode ?? 'no code'}`;
    case 'start':
      return `Windows ${event.osBuild ?? '?'}.${event.osRevision ?? '?'} started`;
    case 'stop':
      return 'Windows stopped in order';
    case 'start-type':
      return `start: ${event.type ?? 'unknown type'}`;
    case 'state-before-start':
      return `before: last stop ${sayGood(event.wasStopGood)}, last start ${sayGood(event.wasStartGood)}`;
    default:
      return event satisfies never;
  }
}

const sayGood = (isGood: boolean | null) => (isGood === null ? 'not told' : isGood ? 'good' : 'bad');

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
