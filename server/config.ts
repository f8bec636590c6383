import { isIP } from 'node:net';
import path from 'node:path';
import type { PublicPlace } from './http/public-place.ts';
import { type LogLevel, logLevels } from './logging/winston-log.ts';

/** Every setting of the server. Ports may be 0, for any free one. */
export interface Config {
  /** Everything the server keeps, but for the database when `databaseUrl` is set. */
  readonly dataDir: string;
  readonly organizationId: string;
  readonly consoleAddress: string;
  readonly consolePort: number;
  readonly consoleTls: { readonly keyFile: string; readonly certificateFile: string } | undefined;
  /** Where a reverse proxy shows the console; undefined without one. */
  readonly publicPlace: PublicPlace | undefined;
  /** Addresses and networks of proxies whose word on where a request comes from is taken. */
  readonly trustedProxies: readonly string[];
  readonly deviceAddress: string;
  readonly devicePort: number;
  /** A PostgreSQL of one's own; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
  /** How long evidence is kept. */
  readonly retentionDays: number;
  /** Bytes of evidence that may arrive at once. */
  readonly maxConcurrentUploadBytes: number;
  /** Bytes of evidence that one device may send within 24 hours. */
  readonly dailyEvidenceBytes: number;
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
    publicPlace: publicPlaceOf(env, problems),
    trustedProxies: proxiesOf(env, problems),
    deviceAddress: address('BOOTMEND_DEVICE_ADDRESS', '0.0.0.0'),
    devicePort: whole('BOOTMEND_DEVICE_PORT', 8443, 0, 65_535),
    databaseUrl: databaseUrlOf(env, problems),
    retentionDays: whole('BOOTMEND_RETENTION_DAYS', 30, 1, 3650),
    maxConcurrentUploadBytes: whole('BOOTMEND_UPLOAD_MIB', 256, 16, 65_536) * 1024 * 1024,
    dailyEvidenceBytes: whole('BOOTMEND_DEVICE_EVIDENCE_MIB', 64, 1, 65_536) * 1024 * 1024,
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

function publicPlaceOf(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): PublicPlace | undefined {
  const text = env.BOOTMEND_CONSOLE_URL ?? '';
  if (text === '') return undefined;
  const url = URL.parse(text);
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    !isPlain ||
    !/^\/([\w.~-]+\/)*[\w.~-]*$/.test(url.pathname)
  ) {
    // an address with a password in it is not repeated
    problems.push(
      'BOOTMEND_CONSOLE_URL is no address of a console; one like https://mend.example.org/bootmend/ is accepted.',
    );
    return undefined;
  }
  const isSecure = url.protocol === 'https:';
  if (!isSecure && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    problems.push(
      `BOOTMEND_CONSOLE_URL is ${text}, where others could read passwords; an address with https is accepted.`,
    );
  return { origin: url.origin, path: url.pathname.replace(/\/?$/, '/'), isSecure };
}

function proxiesOf(env: Readonly<Record<string, string | undefined>>, problems: string[]): readonly string[] {
  const text = env.BOOTMEND_TRUSTED_PROXIES ?? '';
  if (text === '') return ['127.0.0.1', '::1'];
  const proxies = text.split(',').map(one => one.trim());
  const wrong = proxies.filter(one => !isNetwork(one));
  if (wrong.length > 0)
    problems.push(
      `BOOTMEND_TRUSTED_PROXIES names ${wrong.join(', ')}; addresses and networks like 10.1.2.3 or 10.1.0.0/16 are accepted, with commas between.`,
    );
  return proxies;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const kind = isIP(address);
  if (kind === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128));
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
