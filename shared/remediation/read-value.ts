import { foldName } from '../facts/glob.ts';
import { isVersion } from '../facts/version.ts';
import type { Cursor } from './cursor.ts';
import { deviceClasses } from './device-classes.ts';
import { quoteName } from './read-path.ts';
import { largestCount, sizeUnits } from './units.ts';

/** Reads a whole number in digits. */
export function readNumber(cursor: Cursor): number | undefined {
  const token = cursor.readValue('a number');
  if (!token) return undefined;
  if (token.kind === 'word' && /^\d{1,9}$/.test(token.value)) return Number(token.value);
  const digits = token.value.replaceAll(/[_.']/g, '');
  const fix = /^\d{1,3}([_.']\d{3})+$/.test(token.value)
    ? { title: `Write ${digits}`, span: token.span, text: digits }
    : undefined;
  cursor.add(
    'invalid-number',
    token.span,
    `${token.value} is not a number. Expected: up to nine digits, as 4.`,
    fix,
  );
  return undefined;
}

/** Reads a version of one to four numbers. */
export function readVersion(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a version, as 7.11');
  if (!token) return undefined;
  if (token.kind === 'word' && isVersion(token.value)) return token.value;
  const bare = token.value.replace(/^v/i, '').replace(/(\.\*|\.x|\.)$/i, '');
  const fix = isVersion(bare) ? { title: `Write ${bare}`, span: token.span, text: bare } : undefined;
  cursor.add(
    'invalid-version',
    token.span,
    `${token.value} is not a version. Expected: one to four numbers with dots between, as 7.11.`,
    fix,
  );
  return undefined;
}

/** Reads the SHA-256 of a file, in the lower case that facts have. */
export function readSha256(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a SHA-256 of 64 hexadecimal digits');
  if (!token) return undefined;
  if (/^[0-9a-f]{64}$/.test(token.value)) return token.value;
  const lower = token.value.toLowerCase();
  cursor.add(
    'invalid-hash',
    token.span,
    `${token.value} is not a SHA-256. Expected: 64 hexadecimal digits in lower case.`,
    /^[0-9a-f]{64}$/.test(lower)
      ? { title: 'Write it in lower case', span: token.span, text: lower }
      : undefined,
  );
  return undefined;
}

/** Reads a size as `41004 bytes` or `40 KB`, in bytes. */
export function readSize(cursor: Cursor): number | undefined {
  const token = cursor.readValue('a size, as 40 KB');
  if (!token) return undefined;
  const glued = /^(\d{1,9})(bytes|[KMG]B)$/i.exec(token.value);
  if (token.kind === 'word' && /^\d{1,9}$/.test(token.value)) {
    const unit = cursor.expectOneOf(Object.keys(sizeUnits) as (keyof typeof sizeUnits)[]);
    return unit && Number(token.value) * sizeUnits[unit];
  }
  const unit = Object.keys(sizeUnits).find(name => name.toLowerCase() === glued?.[2]!.toLowerCase());
  const text = glued && unit && `${glued[1]} ${unit}`;
  cursor.add(
    'invalid-size',
    token.span,
    `${token.value} is not a size. Expected: a number and bytes, KB, MB or GB, as 40 KB.`,
    text ? { title: `Write ${text}`, span: token.span, text } : undefined,
  );
  return undefined;
}

/** Reads the number of a feature, as the policy of a Known Issue Rollback names it. */
export function readFeature(cursor: Cursor): string | undefined {
  const token = cursor.readValue('the number of a feature, as 1234567890');
  if (!token) return undefined;
  const { value } = token;
  if (/^[1-9]\d{0,9}$/.test(value) && Number(value) < 2 ** 32) return value;
  const hex = /^0x([0-9a-f]{1,8})$/i.exec(value);
  const fix = hex
    ? { title: 'Write it in decimal', span: token.span, text: String(Number.parseInt(hex[1]!, 16)) }
    : undefined;
  cursor.add(
    'invalid-number',
    token.span,
    /^KB\d+$/i.test(value)
      ? `${value} is an update, and a rollback switches one change of it off. Expected: the value name in the ADMX of the rollback, as 1234567890; or remove update ${value}.`
      : `${value} is no number of a feature. Expected: the value name in the ADMX of the rollback, as 1234567890.`,
    fix,
  );
  return undefined;
}

/** Reads a count of files that a limit may have. */
export function readCount(cursor: Cursor): number | undefined {
  const count = readNumber(cursor);
  if (count === undefined || (count >= 1 && count <= largestCount)) return count;
  cursor.add(
    'limit-out-of-range',
    cursor.last()!.span,
    `A limit of ${count} is no limit that a script can have. Expected: 1 to ${largestCount}.`,
  );
  return undefined;
}

/** No step of a script may keep a machine from its menu for longer. */
const mostMinutes = 60;

/** Reads how many minutes a program may take. */
export function readMinutes(cursor: Cursor): number | undefined {
  const minutes = readNumber(cursor);
  if (minutes === undefined || (minutes >= 1 && minutes <= mostMinutes)) return minutes;
  cursor.add(
    'limit-out-of-range',
    cursor.last()!.span,
    `A program cannot be given ${minutes} minutes. Expected: 1 to ${mostMinutes}.`,
  );
  return undefined;
}

const mostExitCodes = 8;

/** Reads exit codes with `or` between them. */
export function readExitCodes(cursor: Cursor): readonly number[] | undefined {
  const codes: number[] = [];
  do {
    const exitCode = readNumber(cursor);
    if (exitCode === undefined) return undefined;
    codes.push(exitCode);
  } while (codes.length < mostExitCodes && cursor.take('or'));
  return codes;
}

/** Reads the name of a driver, as its service is called. */
export function readDriver(cursor: Cursor): string | undefined {
  return readName(cursor, 'the name of a driver, as csagent', name =>
    /\.sys$/i.test(name) ? name.slice(0, -4) : name,
  );
}

/** Reads the name of a driver or of a service, which can hold blanks and stands in quotes then. */
export function readSubjectName(cursor: Cursor, subject: 'driver' | 'service'): string | undefined {
  if (subject === 'driver') return readDriver(cursor);
  const what = 'the name of a service, as wuauserv';
  const token = cursor.readValue(what);
  if (!token || /^[A-Za-z0-9_](?:[A-Za-z0-9_.$ -]{0,62}[A-Za-z0-9_.$-])?$/.test(token.value))
    return token?.value;
  cursor.add(
    'invalid-name',
    token.span,
    `"${token.value}" does not fit here. Expected: ${what}, in letters, digits, blanks, dots, dashes, dollars and underscores.`,
  );
  return undefined;
}

const guid = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/;

/** Reads a device class by its name or its GUID. */
export function readDeviceClass(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a device class, as DiskDrive');
  if (!token) return undefined;
  const { value, span } = token;
  const known = Object.keys(deviceClasses).find(name => foldName(name) === foldName(value));
  const braced = `{${value.replace(/^\{|\}$/g, '')}}`.toLowerCase();
  const better = known ?? (guid.test(braced) ? braced : undefined);
  if (value === (better ?? (/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(value) ? value : undefined))) return value;
  cursor.add(
    'invalid-class',
    span,
    `${value} is not a device class. Expected: the name that its key gives it, as DiskDrive or Volume, or its GUID in braces and lower case.`,
    better === undefined ? undefined : { title: `Write ${better}`, span, text: better },
  );
  return undefined;
}

/** Reads which devices are meant, by bus and hardware: `USB\VID_1532&PID_0084`. */
export function readDevice(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a device, as USB\\VID_1532&PID_0084');
  if (!token) return undefined;
  const { value, span } = token;
  if (device.test(value)) return value;
  const better = value
    .replace(/^(?:HKLM\\SYSTEM\\CurrentControlSet\\Enum\\|\\)/i, '')
    .split('\\')
    .slice(0, 2)
    .join('\\');
  cursor.add(
    'invalid-device',
    span,
    `${value} does not name devices. Expected: bus and hardware, as USB\\VID_1532&PID_0084, without the part that is of one machine.`,
    device.test(better) ? { title: `Write ${better}`, span, text: quoteName(better) } : undefined,
  );
  return undefined;
}

/** What stands below Enum: a bus, and what Windows calls the hardware there. */
const device = /^[A-Za-z0-9_{}-]{1,60}\\[A-Za-z0-9_&#.{}+~ -]{1,180}$/;

/** Reads the file name of a module. */
export function readModule(cursor: Cursor): string | undefined {
  return readName(cursor, 'the file name of a module, as csagent.sys', name =>
    name.includes('.') ? name : `${name}.sys`,
  );
}

function readName(cursor: Cursor, what: string, corrected: (name: string) => string): string | undefined {
  const token = cursor.readValue(what);
  if (!token) return undefined;
  const name = token.value;
  const isName = token.kind === 'word' && /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/.test(name);
  const better = isName ? corrected(name) : undefined;
  if (better === name) return name;
  cursor.add(
    'invalid-name',
    token.span,
    `"${name}" does not fit here. Expected: ${what}, in letters, digits, dots, dashes and underscores.`,
    better ? { title: `Write ${better}`, span: token.span, text: better } : undefined,
  );
  return undefined;
}

/** Reads a bugcheck code as `0x50`, in the form of the fact `crash.code`. */
export function readCrashCode(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a bugcheck code, as 0x50');
  if (!token) return undefined;
  if (token.kind === 'word' && /^0x[0-9a-f]{1,16}$/i.test(token.value))
    return `0x${BigInt(token.value).toString(16)}`;
  cursor.add(
    'invalid-number',
    token.span,
    `${token.value} is not a bugcheck code. Expected: 0x and hexadecimal digits, as 0x50.`,
  );
  return undefined;
}

/** Reads a quoted text of at most so many characters. */
export function readText(cursor: Cursor, what: string, maxLength: number): string | undefined {
  const token = cursor.peek();
  if (token?.kind === 'word') {
    const span = { start: token.span.start, end: cursor.line.span.end };
    const rest = cursor.report.text.slice(span.start, span.end);
    const fix = { title: 'Put it in quotes', span, text: `"${rest.replaceAll('"', '')}"` };
    cursor.add('unexpected-word', span, `${token.value} stands here. Expected: ${what} in quotes.`, fix);
    return undefined;
  }
  const text = cursor.readValue(`${what} in quotes`);
  if (!text) return undefined;
  if (text.value.trim() !== '' && text.value.length <= maxLength) return text.value;
  cursor.add(
    'invalid-text',
    text.span,
    `The text has ${text.value.trim() === '' ? 'no' : text.value.length} characters. Expected: 1 to ${maxLength}.`,
  );
  return undefined;
}

const address = /^https:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?(\/[!-~]*)?$/;

/** Reads the web address where something was published; in quotes when it holds a comma. */
export function readSource(cursor: Cursor): string | undefined {
  const token = cursor.readValue('a web address');
  if (!token) return undefined;
  if (address.test(token.value)) return token.value;
  const secure = token.value.replace(/^http:/i, 'https:');
  cursor.add(
    'invalid-source',
    token.span,
    `"${token.value}" is not a web address. Expected: one that starts with https://.`,
    token.kind === 'word' && address.test(secure)
      ? { title: 'Write https', span: token.span, text: secure }
      : undefined,
  );
  return undefined;
}
