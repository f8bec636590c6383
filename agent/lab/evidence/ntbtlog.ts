/** One start of a lab machine. Its clock runs on UTC, so the local time of the log is UTC as well. */
export interface LabBoot {
  readonly startedAt: Date;
  readonly osBuild: number;
  readonly loaded: readonly string[];
  readonly notLoaded?: readonly string[];
}

const two = (value: number) => String(value).padStart(2, '0');

function timeLine(at: Date): string {
  const date = `${two(at.getUTCMonth() + 1)} ${two(at.getUTCDate())} ${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${date} ${time}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`;
}

/** Builds ntbtlog.txt of Windows 10 and 11: one block per start, UTF-16 with its mark. */
export function buildNtbtlog(boots: readonly LabBoot[]): Uint8Array {
  const lines = boots.flatMap(boot => [
    `Microsoft (R) Windows (R) Version 10.0 (Build ${boot.osBuild})`,
    timeLine(boot.startedAt),
    ...boot.loaded.map(path => `BOOTLOG_LOADED ${path}`),
    ...(boot.notLoaded ?? []).map(path => `BOOTLOG_NOT_LOADED ${path}`),
  ]);
  return Uint8Array.from(Buffer.from(`\ufeff${lines.map(line => `${line}\r\n`).join('')}`, 'utf16le'));
}
