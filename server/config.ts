import { isIP } from 'node:net';
import path from 'node:path';
import { type LogLevel, logLevels } from './logging/winston-log.ts';

/** Every setting of the server. Ports may be 0, for any free one. */
export interface Config {
  /** Everything the server keeps, but for the database when `databaseUrl` is set. */
  readonly dataDir: string;
  readonly organizationId: string;
  readonly consoleAddress: string;
  readonly consolePort: number;
  readonly consoleTls: { readonly keyFile: string; readonly certificateFile: string } | undefined;
  readonly deviceAddress: string;
  readonly devicePort: number;
  /** A PostgreSQL of one's own; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
  /** How long evidence is kept. */
  readonly retentionDays: number;
  /** Bytes of evidence that may arrive at once. */
  readonly maxConcurrentUploadBytes: number;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty' | 'auto';
  /** Whether the pages are built when their sources changed. */
  readonly buildConsole: boolean;
  /** How long a stop waits for running requests. */
  readonly stopSeconds: number;
}

/** Settings that cannot be used, all of them, each with what would be accepted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Reads the settings from the environment. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const text = (name: string, otherwise: string) => {
    const value = env[name];
    return value === undefined || value === '' ? otherwise : value;
  };
  const whole = (name: string, otherwise: number, least: number, most: number) => {
    const value = text(name, String(otherwise));
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    problems.push(`${name} is ${value}; a whole number from ${least} to ${most} is accepted.`);
    return otherwise;
  };
  const choice = <Value extends string>(name: string, otherwise: Value, values: readonly Value[]) => {
    const value = text(name, otherwise);
    const found = values.find(one => one === value);
    if (found === undefined) problems.push(`${name} is ${value}; accepted are ${values.join(', ')}.`);
    return found ?? otherwise;
  };
  const address = (name: string, otherwise: string) => {
    const value = text(name, otherwise);
    if (isIP(value) === 0) problems.push(`${name} is ${value}; an IPv4 or IPv6 address is accepted.`);
    return value;
  };

  const config: Config = {
    dataDir: path.resolve(text('BOOTMEND_DATA_DIR', '.bootmend')),
    organizationId: 'default',
    consoleAddress: address('BOOTMEND_CONSOLE_ADDRESS', '127.0.0.1'),
    consolePort: whole('BOOTMEND_CONSOLE_PORT', 8480, 0, 65_535),
    consoleTls: tlsOf(env, problems),
    deviceAddress: address('BOOTMEND_DEVICE_ADDRESS', '0.0.0.0'),
    devicePort: whole('BOOTMEND_DEVICE_PORT', 8443, 0, 65_535),
    databaseUrl: databaseUrlOf(env, problems),
    retentionDays: whole('BOOTMEND_RETENTION_DAYS', 30, 1, 3650),
    maxConcurrentUploadBytes: whole('BOOTMEND_UPLOAD_MIB', 256, 16, 65_536) * 1024 * 1024,
    logLevel: choice('BOOTMEND_LOG_LEVEL', 'info', logLevels),
    logFormat: choice('BOOTMEND_LOG_FORMAT', 'auto', ['auto', 'json', 'pretty']),
    buildConsole: choice('BOOTMEND_BUILD_CONSOLE', 'when-changed', ['when-changed', 'never']) !== 'never',
    stopSeconds: whole('BOOTMEND_STOP_SECONDS', 20, 1, 600),
  };
  if (!isLoopback(config.consoleAddress) && !config.consoleTls)
    problems.push(
      `BOOTMEND_CONSOLE_ADDRESS is ${config.consoleAddress}, where others could read passwords; set BOOTMEND_CONSOLE_TLS_KEY and BOOTMEND_CONSOLE_TLS_CERTIFICATE, or use 127.0.0.1.`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Whether only this machine reaches an address. */
export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

function tlsOf(env: Readonly<Record<string, string | undefined>>, problems: string[]): Config['consoleTls'] {
  const keyFile = env.BOOTMEND_CONSOLE_TLS_KEY ?? '';
  const certificateFile = env.BOOTMEND_CONSOLE_TLS_CERTIFICATE ?? '';
  if (keyFile === '' && certificateFile === '') return undefined;
  if (keyFile === '' || certificateFile === '')
    problems.push(
      'BOOTMEND_CONSOLE_TLS_KEY and BOOTMEND_CONSOLE_TLS_CERTIFICATE are set together or not at all.',
    );
  return { keyFile, certificateFile };
}

function databaseUrlOf(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined {
  const url = env.DATABASE_URL ?? '';
  if (url === '') return undefined;
  // the address may hold a password, so it is not repeated
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    problems.push('DATABASE_URL is not an address; postgres://user:password@host:port/database is accepted.');
  return url;
}
