const two = (value: number) => String(value).padStart(2, '0');

/** Parts of a time as a log writes them; all in the machine's local time. */
export interface LogTimeParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** Digits after the point, milliseconds. */
  readonly fraction?: string;
}

/** A local time as `2024-10-13T14:00:30` or with milliseconds; null when the parts are no time. */
export function localTimeOf(parts: LogTimeParts): string | null {
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  const [hour, minute, second] = [Number(parts.hour), Number(parts.minute), Number(parts.second)];
  const isTime =
    year >= 1990 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isTime) return null;
  const fraction = parts.fraction === undefined ? '' : `.${parts.fraction.padEnd(3, '0').slice(0, 3)}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
}
