import type { SystemEvent, SystemEvents } from '../eventlog/system-event.ts';
import type { Facts } from './facts.ts';

type UpdateEvent = Extract<SystemEvent, { readonly kind: 'update' }>;

/** The facts System.evtx states. A start that dies early writes nothing there, so they tell of the time before it. */
export function factsOfSystemEvents({ events }: Pick<SystemEvents, 'events'>): Facts {
  const updates = events.filter(event => event.kind === 'update');
  const crash = events.find(event => event.kind === 'crash' || (event.kind === 'dirty-start' && event.code));
  const installed = updates.find(({ step }) => step === 'installed');
  const failed = updates.find(({ step }) => step === 'failed');
  const newest = events.find(({ at }) => at !== null);
  return {
    ...(newest?.at && { 'eventlog.lastAt': newest.at }),
    ...(crash && 'code' in crash && crash.code !== null && { 'eventlog.crashCode': crash.code }),
    ...(crash?.at && { 'eventlog.crashAt': crash.at }),
    ...(installed && { 'eventlog.installedUpdate': nameOf(installed) }),
    ...(installed?.at && { 'eventlog.installedUpdateAt': installed.at }),
    ...(failed && { 'eventlog.failedUpdate': nameOf(failed) }),
    ...(failed?.errorCode && { 'eventlog.failedUpdateError': failed.errorCode }),
  };
}

const nameOf = ({ knowledgeBase, title }: UpdateEvent) => knowledgeBase ?? title.slice(0, 512);
