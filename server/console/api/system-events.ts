import * as z from 'zod/mini';
import type { EvidenceView } from '../../../shared/api/incident.ts';
import type { SystemEvents } from '../../../shared/eventlog/system-event.ts';
import { findReadings, type Reading } from './readings.ts';

const text = z.string();
const textOrNull = z.nullable(z.string());
const numberOrNull = z.nullable(z.number());
const flagOrNull = z.nullable(z.boolean());

const place = { recordId: z.number(), at: textOrNull, provider: text, eventId: z.number() };
const kind = <Kind extends string>(name: Kind) => ({ ...place, kind: z.literal(name) });

const systemEvent = z.discriminatedUnion('kind', [
  z.object({
    ...kind('crash'),
    code: text,
    parameters: z.array(text),
    dumpPath: textOrNull,
    reportId: textOrNull,
  }),
  z.object({
    ...kind('dirty-start'),
    code: textOrNull,
    parameters: z.array(text),
    wasAsleep: flagOrNull,
    powerButtonPressedAt: textOrNull,
  }),
  z.object({
    ...kind('update'),
    step: z.enum(['installed', 'failed', 'started', 'downloading']),
    title: text,
    knowledgeBase: textOrNull,
    errorCode: textOrNull,
    updateId: textOrNull,
  }),
  z.object({ ...kind('unexpected-stop'), lastAliveAt: textOrNull }),
  z.object(kind('log-started')),
  z.object(kind('log-stopped')),
  z.object({
    ...kind('asked-to-stop'),
    process: textOrNull,
    reason: textOrNull,
    reasonCode: textOrNull,
    action: textOrNull,
  }),
  z.object({ ...kind('no-dump-possible'), device: textOrNull }),
  z.object({
    ...kind('drivers-not-loaded'),
    drivers: z.array(text),
    device: textOrNull,
    status: textOrNull,
  }),
  z.object({ ...kind('recovery-image-not-updated'), phase: numberOrNull, errorCode: textOrNull }),
  z.object({ ...kind('start'), osBuild: numberOrNull, osRevision: numberOrNull, startedAt: textOrNull }),
  z.object({ ...kind('stop'), stoppedAt: textOrNull }),
  z.object({ ...kind('start-type'), type: z.nullable(z.enum(['cold', 'fast-startup', 'resume'])) }),
  z.object({ ...kind('state-before-start'), wasStopGood: flagOrNull, wasStartGood: flagOrNull }),
]);

const systemEvents = z.object({
  format: z.literal('system-events'),
  isDirty: z.boolean(),
  recordCount: z.number(),
  events: z.array(systemEvent),
});

/** What the server read in System.evtx, apart from its problems. */
export type EventReading = Omit<SystemEvents, 'problems'>;

/** What the server read in System.evtx, when it came. */
export const findSystemEvents = (evidence: readonly EvidenceView[]): Reading<EventReading> | undefined =>
  findReadings<EventReading>(evidence, reading => systemEvents.safeParse(reading))[0];
