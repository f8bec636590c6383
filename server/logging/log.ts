/** Values that may be logged beside a message: short and flat, so that no body or secret slips in. */
export type LogField = string | number | boolean | undefined;

/**
 * A log of one area. error: a person must act; warn: healed by itself; info: state changed; debug: for us.
 * An error object is logged by name, code, message and stack.
 */
export interface Log {
  error(message: string, fields?: LogFields, error?: unknown): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A log of an area, `db` or `intake`. */
  area(name: string): Log;
}

export type LogFields = Readonly<Record<string, LogField>>;
