import { timeParts, utf8Lines } from './text-log.ts';

/** A result as servicing logs it: the code with its name. */
export interface LabResult {
  readonly code: string;
  readonly name: string;
}

/** One job of the servicing stack on one package. */
export interface LabServicingSession {
  readonly id: string;
  readonly client: string;
  readonly startedAt: Date;
  readonly package: string;
  /** State before and state wanted. */
  readonly from: string;
  readonly to: string;
  /** How it ended; the machine died in the middle when absent. */
  readonly result?: LabResult;
  readonly isRebootRequired?: boolean;
  /** Last state of servicing over a restart. */
  readonly executeState?: string;
}

const ok: LabResult = { code: '0x00000000', name: 'S_OK' };
const bracket = ({ code, name }: LabResult) => `[HRESULT = ${code} - ${name}]`;

function stamp(at: Date): string {
  const { year, month, day, clock } = timeParts(at);
  return `${year}-${month}-${day} ${clock}`;
}

/** Builds CBS.log: sessions oldest first, UTF-8 with its mark. */
export function buildCbsLog(sessions: readonly LabServicingSession[]): Uint8Array {
  return utf8Lines(sessions.flatMap(cbsLines), '\ufeff');
}

function cbsLines(session: LabServicingSession): string[] {
  const { id, client, package: name, from, to, result } = session;
  const line = (level: string, component: string, text: string) =>
    `${stamp(session.startedAt)}, ${level.padEnd(21)} ${component.padEnd(6)} ${text}`;
  const info = (text: string) => line('Info', 'CBS', text);
  const states = `current: ${from}, pending: Default, start: ${from}, applicable: ${to}, targeted: ${to}, limit: ${to}`;
  const lines = [
    info('Failed to read RptTime time value from registry. [HRESULT = 0x80070490 - ERROR_NOT_FOUND]'),
    info(`Session: ${id} initialized by client ${client}, external staging directory: (null)`),
    info(`Exec: Processing started.  Session: ${id}, Package: ${name}`),
    info(`Plan: Package: ${name}, ${states}`),
    info(`Plan: Package: ${name}, Update: 0123456789abcdef, ${states}, selected: Default`),
    line('Info', 'CSI', '00000012@2024/7/19:04:00:00.000 CSI Transaction @0x1d8 initialized'),
    '    with flags 00000002 and client id',
  ];
  if (session.executeState) lines.push(info(`Setting ExecuteState key to: ${session.executeState}`));
  if (!result) return lines;
  const hasFailed = result.code !== ok.code;
  return [
    ...lines,
    ...(hasFailed
      ? [
          line(
            'Error',
            'CBS',
            `Startup: Failed to process advanced operation queue, startupPhase: 0.  A rollback transaction will be created. ${bracket(result)}`,
          ),
        ]
      : []),
    // Windows breaks long lines, here inside of the result.
    info(`Exec: Processing complete.  Session: ${id}, Package: ${name} [HRESULT =`),
    `${result.code} - ${result.name}]`,
    info(
      `Session: ${id} finalized. Reboot required: ${session.isRebootRequired ? 'yes' : 'no'} ${bracket(result)}`,
    ),
  ];
}

/** One run of DISM. */
export interface LabDismRun {
  readonly at: Date;
  readonly commandLine: string;
  /** HRESULT as DISM writes it, `0x800f081f`; success when absent. */
  readonly failedWith?: string;
  readonly hasEnded?: boolean;
}

/** Builds dism.log: runs oldest first. */
export function buildDismLog(runs: readonly LabDismRun[]): Uint8Array {
  return utf8Lines(
    runs.flatMap(run => {
      const line = (level: string, text: string) => `${stamp(run.at)}, ${level.padEnd(21)} DISM   ${text}`;
      const manager = 'DISM Package Manager: PID=4412 TID=4416';
      const failure = `${manager} Failed processing command cleanup-image. - CPackageManagerCLIHandler::ExecuteCmdLine(hr:${run.failedWith})`;
      const end = [
        line('Info', 'DISM.EXE: Image session has been closed. Reboot required=no.'),
        line('Info', 'DISM.EXE: '),
        line('Info', 'DISM.EXE: <----- Ending Dism.exe session ----->'),
      ];
      return [
        line('Info', 'DISM.EXE: <----- Starting Dism.exe session ----->'),
        line('Info', `DISM.EXE: Executing command line: ${run.commandLine}`),
        ...(run.failedWith ? [line('Error', failure)] : []),
        ...(run.hasEnded === false ? [] : end),
      ];
    }),
  );
}
