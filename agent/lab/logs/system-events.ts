import type { LabEvent } from './event-log.ts';

const hex = (value: bigint, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

/** A crash as Windows logs it after the next good start. */
export interface LabCrash {
  readonly code: number;
  readonly parameters: readonly [bigint, bigint, bigint, bigint];
}

/** Event 1001: the machine came back from a crash and has a dump. */
export const crashEvent = (at: Date, { code, parameters }: LabCrash): LabEvent => ({
  at,
  provider: 'Microsoft-Windows-WER-SystemErrorReporting',
  eventSource: 'BugCheck',
  eventId: 1001,
  level: 2,
  values: {
    param1: `${hex(BigInt(code), 8)} (${parameters.map(one => hex(one, 16)).join(', ')})`,
    param2: String.raw`C:\Windows\MEMORY.DMP`,
    param3: '00000000-0000-0000-0000-000000000001',
  },
});

/** Event 41: the machine did not go down in order; without a crash after a power cut. */
export const dirtyStartEvent = (at: Date, crash?: LabCrash): LabEvent => ({
  at,
  provider: 'Microsoft-Windows-Kernel-Power',
  eventId: 41,
  level: 1,
  values: {
    BugcheckCode: crash?.code ?? 0,
    BugcheckParameter1: crash?.parameters[0] ?? 0n,
    BugcheckParameter2: crash?.parameters[1] ?? 0n,
    BugcheckParameter3: crash?.parameters[2] ?? 0n,
    BugcheckParameter4: crash?.parameters[3] ?? 0n,
    SleepInProgress: 0,
    PowerButtonTimestamp: 0,
    BootAppStatus: 0,
  },
});

const updateSteps = { installed: 19, failed: 20, started: 43, downloading: 44 } as const;

/** What Windows Update logs of one update; of a failed one with its HRESULT. */
export const updateEvent = (
  at: Date,
  step: keyof typeof updateSteps,
  title: string,
  errorCode?: number,
): LabEvent => ({
  at,
  provider: 'Microsoft-Windows-WindowsUpdateClient',
  eventId: updateSteps[step],
  level: step === 'failed' ? 2 : 4,
  values: {
    ...(errorCode === undefined ? {} : { errorCode: { hex32: errorCode } }),
    updateTitle: title,
    updateGuid: '{A3576E2F-5FDC-4294-8501-E246E69F6FA9}',
    updateRevisionNumber: 200,
  },
});

/** Event 6008: the last stop was unexpected; `lastAliveAt` is the last sign of life. */
export function unexpectedStopEvent(at: Date, lastAliveAt: Date): LabEvent {
  const words = [
    lastAliveAt.getUTCFullYear(),
    lastAliveAt.getUTCMonth() + 1,
    lastAliveAt.getUTCDay(),
    lastAliveAt.getUTCDate(),
    lastAliveAt.getUTCHours(),
    lastAliveAt.getUTCMinutes(),
    lastAliveAt.getUTCSeconds(),
    lastAliveAt.getUTCMilliseconds(),
  ];
  // Local time and UTC, which are one on a lab machine.
  const binary = new Uint8Array(new Uint16Array([...words, ...words]).buffer);
  const time = `${words[4]}:${String(words[5]).padStart(2, '0')}:00`;
  const date = `\u200e${words[1]}/\u200e${words[3]}/\u200e${words[0]}`;
  const values = [time, date, '', '', '3600', '', ''];
  return { at, provider: 'EventLog', eventId: 6008, level: 2, values, binary };
}

/** Event 12: Windows started. */
export const startEvent = (at: Date, osBuild: number, osRevision: number): LabEvent => ({
  at,
  provider: 'Microsoft-Windows-Kernel-General',
  eventId: 12,
  values: {
    MajorVersion: 10,
    MinorVersion: 0,
    BuildVersion: osBuild,
    QfeVersion: osRevision,
    ServiceVersion: 0,
    BootMode: 0,
    StartTime: at,
  },
});
