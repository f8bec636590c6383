import { hexNumber } from '../bytes/hex-number.ts';
import { bytesOfHex } from '../bytes/hex.ts';
import { instantOfFileTime } from '../registry/file-time.ts';
import type { EventHead, EventValue } from './event-log.ts';
import type { SystemReading } from './system-event.ts';
import { textOfSystemTime } from './value-text.ts';

/** The values of one event by name, or by position for classic events. */
class Values {
  readonly #values: readonly EventValue[];

  constructor(values: readonly EventValue[]) {
    this.#values = values;
  }

  /** The value of that name (letter case aside), else the one at that position among those without a name. */
  find(name: string, position?: number): string | null {
    const named = this.#values.find(one => one.name?.toLowerCase() === name.toLowerCase());
    const unnamed = position === undefined ? undefined : this.#unnamed[position];
    return (named ?? unnamed)?.value || null;
  }

  number(name: string): number | null {
    const text = this.find(name);
    return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
  }

  /** A number of either base as hex; negative numbers are the 32-bit codes that Windows logs as signed. */
  hex(name: string, position?: number): string | null {
    const text = this.find(name, position);
    if (text === null || !/^(0x[0-9a-f]{1,16}|-?\d{1,20})$/i.test(text)) return null;
    const value = BigInt(text);
    return hexNumber(value < 0n ? BigInt.asUintN(32, value) : BigInt.asUintN(64, value));
  }

  isTrue(name: string): boolean | null {
    const text = this.find(name)?.toLowerCase();
    if (text === 'true' || text === '1') return true;
    return text === 'false' || text === '0' ? false : null;
  }

  get #unnamed(): EventValue[] {
    return this.#values.filter(one => one.name === null);
  }
}

type Reader = (values: Values) => SystemReading | undefined;

const crashText = /^(0x[0-9a-f]{1,8})\s*\(([^)]*)\)/i;
const knowledgeBaseNumber = /\bKB\d{6,8}\b/i;

function readCrash(values: Values): SystemReading | undefined {
  const crash = crashText.exec(values.find('param1', 0) ?? '');
  if (!crash) return undefined;
  const parameters = crash[2]!
    .split(',')
    .map(text => text.trim())
    .filter(text => /^0x[0-9a-f]{1,16}$/i.test(text))
    .map(text => hexNumber(BigInt(text)));
  return {
    kind: 'crash',
    code: hexNumber(BigInt(crash[1]!)),
    parameters,
    dumpPath: values.find('param2', 1),
    reportId: values.find('param3', 2),
  };
}

function readDirtyStart(values: Values): SystemReading {
  const code = values.hex('BugcheckCode');
  const pressed = values.find('PowerButtonTimestamp');
  const ticks = pressed && /^\d{1,19}$/.test(pressed) ? BigInt(pressed) : undefined;
  return {
    kind: 'dirty-start',
    code: code === '0x0' ? null : code,
    parameters: [1, 2, 3, 4].flatMap(index => values.hex(`BugcheckParameter${index}`) ?? []),
    wasAsleep: asleep(values),
    powerButtonPressedAt: instantOfFileTime(ticks),
  };
}

/** A truth value in Windows 7, a number of the sleep state since Windows 10. */
const asleep = (values: Values) => {
  const state = values.number('SleepInProgress');
  return state === null ? values.isTrue('SleepInProgress') : state !== 0;
};

type UpdateStep = Extract<SystemReading, { kind: 'update' }>['step'];

const updateReader =
  (step: UpdateStep): Reader =>
  values => {
    const title = values.find('updateTitle');
    if (title === null) return undefined;
    return {
      kind: 'update',
      step,
      title,
      knowledgeBase: knowledgeBaseNumber.exec(title)?.[0].toUpperCase() ?? null,
      errorCode: step === 'failed' ? values.hex('errorCode') : null,
      updateId: values.find('updateGuid'),
    };
  };

/**
 * The texts are in the machine's own date format; the binary part holds the same moment twice, local and then UTC.
 * Seen in all logs at hand, described nowhere.
 */
function readUnexpectedStop(values: Values): SystemReading {
  const bytes = bytesOfHex(values.find('Binary') ?? '');
  const text = bytes ? textOfSystemTime(new DataView(bytes.buffer), 16) : '';
  return { kind: 'unexpected-stop', lastAliveAt: text === '' ? null : `${text}Z` };
}

/** The user who asked and the name of the machine stand in the event too and are left there. */
const readAskedToStop: Reader = values => ({
  kind: 'asked-to-stop',
  process: values.find('param1', 0)?.replace(/ \([^()]*\)$/, '') ?? null,
  reason: values.find('param3', 2),
  reasonCode: values.hex('param4', 3),
  action: values.find('param5', 4),
});

/** Names of drivers in a list, without the `\\Driver\\` of the object manager. */
const namesIn = (text: string | null): string[] =>
  (text ?? '').split(/\s+/).flatMap(name => name.replace(/^\\Driver\\/i, '') || []);

const startTypes = ['cold', 'fast-startup', 'resume'] as const;

const readers: Readonly<Record<string, Reader>> = {
  'bugcheck 1001': readCrash,
  'microsoft-windows-wer-systemerrorreporting 1001': readCrash,
  'microsoft-windows-kernel-power 41': readDirtyStart,
  'microsoft-windows-windowsupdateclient 19': updateReader('installed'),
  'microsoft-windows-windowsupdateclient 20': updateReader('failed'),
  'microsoft-windows-windowsupdateclient 43': updateReader('started'),
  'microsoft-windows-windowsupdateclient 44': updateReader('downloading'),
  'eventlog 6008': readUnexpectedStop,
  'eventlog 6005': () => ({ kind: 'log-started' }),
  'eventlog 6006': () => ({ kind: 'log-stopped' }),
  'user32 1074': readAskedToStop,
  'volmgr 46': values => ({ kind: 'no-dump-possible', device: values.find('param1', 0) }),
  'microsoft-windows-kernel-pnp 219': values => ({
    kind: 'drivers-not-loaded',
    drivers: namesIn(values.find('FailureName')),
    device: values.find('DriverName'),
    status: values.hex('Status'),
  }),
  'service control manager 7026': values => ({
    kind: 'drivers-not-loaded',
    drivers: namesIn(values.find('param1', 0)),
    device: null,
    status: null,
  }),
  'microsoft-windows-winreagent 4502': values => ({
    kind: 'recovery-image-not-updated',
    phase: values.number('ErrorPhase'),
    errorCode: values.hex('Errorcode'),
  }),
  'microsoft-windows-kernel-general 12': values => ({
    kind: 'start',
    osBuild: values.number('BuildVersion'),
    osRevision: values.number('QfeVersion'),
    startedAt: values.find('StartTime'),
  }),
  'microsoft-windows-kernel-general 13': values => ({ kind: 'stop', stoppedAt: values.find('StopTime') }),
  'microsoft-windows-kernel-boot 20': values => ({
    kind: 'state-before-start',
    wasStopGood: values.isTrue('LastShutdownGood'),
    wasStartGood: values.isTrue('LastBootGood'),
  }),
  'microsoft-windows-kernel-boot 27': values => ({
    kind: 'start-type',
    type: startTypes[Number(values.hex('BootType') ?? 'none')] ?? null,
  }),
};

const keyOf = ({ provider, eventId }: EventHead) => `${provider.toLowerCase()} ${eventId}`;

/** Whether an event is one of those that tell about starts, stops, crashes and updates. */
export const hasReading = (head: EventHead): boolean => Object.hasOwn(readers, keyOf(head));

/** What the event says; undefined for events without a reading or without what the reading needs. */
export function readingOf(head: EventHead, data: readonly EventValue[]): SystemReading | undefined {
  return hasReading(head) ? readers[keyOf(head)]!(new Values(data)) : undefined;
}
