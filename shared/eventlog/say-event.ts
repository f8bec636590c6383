import type { SystemEvent } from './system-event.ts';

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
      return `the stop before was unexpected${event.lastAliveAt ? `, last alive ${utcOf(event.lastAliveAt)}` : ''}`;
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

const utcOf = (at: string) => at.replace('T', ' ').replace('Z', ' UTC');
