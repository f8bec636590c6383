const two = (value: number) => String(value).padStart(2, '0');

/** A lab machine's clock runs on UTC, so the local times of its logs are UTC as well. */
export const timeParts = (at: Date) => ({
  year: String(at.getUTCFullYear()),
  month: two(at.getUTCMonth() + 1),
  day: two(at.getUTCDate()),
  clock: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`,
  milliseconds: String(at.getUTCMilliseconds()).padStart(3, '0'),
});

/** Lines as Windows ends them. */
export const utf8Lines = (lines: readonly string[], mark = ''): Uint8Array =>
  Uint8Array.from(Buffer.from(`${mark}${lines.map(line => `${line}\r\n`).join('')}`, 'utf8'));

/** Lines as UTF-16, without the mark that some logs lack. */
export const utf16Lines = (lines: readonly string[]): Uint8Array =>
  Uint8Array.from(Buffer.from(lines.map(line => `${line}\r\n`).join(''), 'utf16le'));
