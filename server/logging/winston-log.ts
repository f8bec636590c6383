import winston from 'winston';
import type { Log, LogFields } from './log.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** `json`: one document a line, for machines; `pretty`: for a person at a terminal. */
  readonly format: 'json' | 'pretty';
  readonly stream: NodeJS.WritableStream;
}

/** The log of the server: one line an event, to one stream. Its level, and that of every area, may be changed. */
export function createLog({ level, format, stream }: LogOptions): Log & { level: LogLevel } {
  const { combine, timestamp, json } = winston.format;
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), format === 'json' ? json() : pretty()),
    transports: [new winston.transports.Stream({ stream, handleExceptions: false })],
  });
  return Object.defineProperty(logOf(logger, 'server'), 'level', {
    get: () => logger.level,
    set: (next: LogLevel) => {
      logger.level = next;
    },
  }) as Log & { level: LogLevel };
}

/** Only names that stand in a `LogFields` reach the logger, so a body or a secret cannot slip in as an object. */
function logOf(logger: winston.Logger, area: string): Log {
  const write = (level: LogLevel, message: string, fields: LogFields = {}, error?: unknown) => {
    logger.log({ level, message: oneLine(message), area, ...safe(fields), ...errorFields(error) });
  };
  return {
    error: (message, fields, error) => write('error', message, fields, error),
    warn: (message, fields, error) => write('warn', message, fields, error),
    info: (message, fields) => write('info', message, fields),
    debug: (message, fields) => write('debug', message, fields),
    area: name => logOf(logger, name),
  };
}

const longestText = 500;
const reserved = new Set(['level', 'message', 'area', 'timestamp']);
const secret = /password|secret|token|cookie|authorization|private|signature$/i;

function safe(fields: LogFields): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || reserved.has(name)) continue;
    if (secret.test(name)) kept[name] = '(not logged)';
    else if (typeof value === 'string') kept[name] = oneLine(value);
    else if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
  }
  return kept;
}

/** An error and its causes by name, code and stack; never the statement or the values of a failed query. */
function errorFields(error: unknown): Record<string, string> {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { error: oneLine(typeof error === 'string' ? error : typeof error) };
  const chain: string[] = [];
  for (let one: unknown = error; one instanceof Error && chain.length < 5; one = one.cause) {
    const code = 'code' in one ? ` [${String(one.code)}]` : '';
    chain.push(oneLine(`${one.name}${code}: ${withoutCredentials(one.message)}`));
  }
  return { error: chain.join(' <- '), stack: withoutCredentials(error.stack ?? '').slice(0, 4000) };
}

const withoutCredentials = (text: string) => text.replace(/(\w+:\/\/[^\s:/@]*):[^\s@/]*@/g, '$1:***@');

/** Line breaks and control characters would let a device write lines of its own into the log. */
const oneLine = (text: string) => {
  const flat = text.replace(/\p{Cc}+/gu, ' ');
  return flat.length > longestText ? `${flat.slice(0, longestText)}…` : flat;
};

const colours: Readonly<Record<string, string>> = { error: '31', warn: '33', info: '32', debug: '90' };

function pretty(): winston.Logform.Format {
  return winston.format.printf(({ level, message, area, timestamp, stack, ...fields }) => {
    const time = String(timestamp).slice(11, 19);
    const shown = Object.entries(fields).map(([name, value]) => `\x1b[90m${name}=\x1b[0m${String(value)}`);
    const head = `\x1b[90m${time}\x1b[0m \x1b[${colours[level] ?? '0'}m${level.padEnd(5)}\x1b[0m ${String(area)}`;
    const tail = level === 'error' && typeof stack === 'string' ? [`\n${stack}`] : [];
    return [head, String(message), ...shown, ...tail].join(' ');
  });
}
