/** A test or repair of Startup Repair; the error code is Win32, 0 is success. */
export interface LabSrtStep {
  readonly name: string;
  readonly errorCode?: number;
  readonly timeMs?: number;
}

/** One run of Startup Repair. Names and root cause are written as given, in the machine's language. */
export interface LabSrtSession {
  readonly windowsDirectory: string;
  readonly tests: readonly LabSrtStep[];
  readonly rootCause?: string;
  readonly repairActions?: readonly LabSrtStep[];
}

export type SrtLanguage = 'en' | 'es';

interface Labels {
  readonly title: string;
  readonly attempts: string;
  readonly session: string;
  readonly disk: string;
  readonly directory: string;
  readonly autoCheck: string;
  readonly rootCauses: string;
  readonly test: string;
  readonly name: string;
  readonly result: string;
  readonly done: string;
  readonly failed: string;
  readonly code: string;
  readonly time: string;
  readonly rootCause: string;
  readonly repair: string;
}

const labels: Record<SrtLanguage, Labels> = {
  en: {
    title: 'Startup Repair diagnosis and repair log',
    attempts: 'Number of repair attempts',
    session: 'Session details',
    disk: 'System Disk',
    directory: 'Windows directory',
    autoCheck: 'AutoChk Run',
    rootCauses: 'Number of root causes',
    test: 'Test Performed',
    name: 'Name',
    result: 'Result',
    done: 'Completed successfully.',
    failed: 'Failed.',
    code: 'Error code',
    time: 'Time taken',
    rootCause: 'Root cause found',
    repair: 'Repair action',
  },
  es: {
    title: 'Diagnóstico de Reparación de inicio y registro de reparación',
    attempts: 'Número de intentos de reparación',
    session: 'Detalles de la sesión',
    disk: 'Disco del sistema',
    directory: 'Directorio de Windows',
    autoCheck: 'Comprobación automática',
    rootCauses: 'Número de causas principales',
    test: 'Prueba realizada',
    name: 'Nombre',
    result: 'Resultado',
    done: 'Se completó correctamente.',
    failed: 'Error.',
    code: 'Código de error',
    time: 'Tiempo invertido',
    rootCause: 'Causa principal encontrada',
    repair: 'Acción de reparación',
  },
};

const rule = '-'.repeat(27);

/** Builds SrtTrail.txt: the trail of the given runs of Startup Repair, oldest first, UTF-16 with its mark. */
export function buildSrtTrail(sessions: readonly LabSrtSession[], language: SrtLanguage = 'en'): Uint8Array {
  const words = labels[language];
  const title = [words.title, rule, `${words.attempts}: ${sessions.length}`, ''];
  const lines = [...title, ...sessions.flatMap(session => sessionLines(session, words))];
  return Uint8Array.from(Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le'));
}

function sessionLines(session: LabSrtSession, words: Labels): string[] {
  const tests = session.tests.flatMap(test => [
    `${words.test}: `,
    rule,
    ...stepLines(words.name, test, words),
  ]);
  const cause = session.rootCause === undefined ? [] : [`${words.rootCause}: `, rule, session.rootCause, ''];
  return [
    words.session,
    rule,
    String.raw`${words.disk} = \Device\Harddisk0`,
    `${words.directory} = ${session.windowsDirectory}`,
    `${words.autoCheck} = 0`,
    `${words.rootCauses} = ${session.rootCause === undefined ? 0 : 1}`,
    '',
    ...tests,
    ...cause,
    ...(session.repairActions ?? []).flatMap(step => stepLines(words.repair, step, words)),
    rule,
    rule,
    '',
  ];
}

function stepLines(label: string, { name, errorCode = 0, timeMs = 0 }: LabSrtStep, words: Labels): string[] {
  const result = errorCode === 0 ? words.done : words.failed;
  return [
    `${label}: ${name}`,
    `${words.result}: ${result} ${words.code} =  0x${errorCode.toString(16)}`,
    `${words.time} = ${timeMs} ms`,
    '',
  ];
}
