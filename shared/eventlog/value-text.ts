import { hexNumber } from '../bytes/hex-number.ts';
import { hexOf } from '../bytes/hex.ts';
import { textOfUtf16 } from '../bytes/utf16.ts';
import { instantOfFileTime } from '../registry/file-time.ts';
import { valueType } from './layout.ts';

const textTypes: readonly number[] = [valueType.text, valueType.ansiText];
const fixedSizes = new Map<number, number>([
  [valueType.int8, 1],
  [valueType.uint8, 1],
  [valueType.int16, 2],
  [valueType.uint16, 2],
  [valueType.int32, 4],
  [valueType.uint32, 4],
  [valueType.int64, 8],
  [valueType.uint64, 8],
  [valueType.real32, 4],
  [valueType.real64, 8],
  [valueType.boolean, 4],
  [valueType.guid, 16],
  [valueType.fileTime, 8],
  [valueType.systemTime, 16],
  [valueType.hex32, 4],
  [valueType.hex64, 8],
]);

/**
 * Texts of a value as XML would show them: one, or as many as an array has items. Times become instants, binary data
 * hex digits; a value too short for its type becomes its hex digits.
 */
export function textsOfValue(type: number, bytes: Uint8Array): string[] {
  const single = type & ~valueType.arrayFlag;
  if (type === single) return [textOfValue(type, bytes)];
  if (textTypes.includes(single)) {
    const items = textOf(single, bytes).split('\0');
    // Each text of an array ends in a NUL, the last one too.
    if (items.length > 1 && items.at(-1) === '') items.pop();
    return items;
  }
  const size = fixedSizes.get(single);
  if (size === undefined) return [hexOf(bytes)];
  const count = Math.floor(bytes.length / size);
  return Array.from({ length: count }, (_, index) =>
    textOfValue(single, bytes.subarray(index * size, (index + 1) * size)),
  );
}

function textOf(type: number, bytes: Uint8Array): string {
  if (type === valueType.text) return textOfUtf16(bytes);
  return Array.from(bytes, byte => String.fromCharCode(byte)).join('');
}

function textOfValue(type: number, bytes: Uint8Array): string {
  if (type === valueType.nothing) return '';
  if (textTypes.includes(type)) return textOf(type, bytes).replace(/\0+$/, '');
  if (bytes.length < (fixedSizes.get(type) ?? 0)) return hexOf(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case valueType.int8:
      return String(view.getInt8(0));
    case valueType.uint8:
      return String(view.getUint8(0));
    case valueType.int16:
      return String(view.getInt16(0, true));
    case valueType.uint16:
      return String(view.getUint16(0, true));
    case valueType.int32:
      return String(view.getInt32(0, true));
    case valueType.uint32:
      return String(view.getUint32(0, true));
    case valueType.int64:
      return String(view.getBigInt64(0, true));
    case valueType.uint64:
      return String(view.getBigUint64(0, true));
    case valueType.real32:
      return String(view.getFloat32(0, true));
    case valueType.real64:
      return String(view.getFloat64(0, true));
    case valueType.boolean:
      return view.getUint32(0, true) === 0 ? 'false' : 'true';
    case valueType.guid:
      return textOfGuid(bytes);
    case valueType.fileTime:
      return instantOfFileTime(view.getBigUint64(0, true)) ?? '';
    case valueType.systemTime:
      return textOfSystemTime(view);
    case valueType.securityId:
      return textOfSecurityId(bytes, view);
    case valueType.hex32:
      return hexNumber(view.getUint32(0, true));
    case valueType.hex64:
      return hexNumber(view.getBigUint64(0, true));
    case valueType.size:
      if (bytes.length < 4) return hexOf(bytes);
      return hexNumber(bytes.length >= 8 ? view.getBigUint64(0, true) : view.getUint32(0, true));
    default:
      return hexOf(bytes);
  }
}

/** A GUID as Windows writes it, `{331C3B3A-2005-44C2-AC5E-77220C37D6B4}`. */
export function textOfGuid(bytes: Uint8Array): string {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const digits = hexOf(Uint8Array.from(order, at => bytes[at] ?? 0)).toUpperCase();
  const groups = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ] as const;
  return `{${groups.map(([from, to]) => digits.slice(from, to)).join('-')}}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** A SYSTEMTIME: year, month, weekday, day, hour, minute, second, millisecond, two bytes each; '' when it is no time. */
export function textOfSystemTime(view: DataView, at = 0): string {
  if (at + 16 > view.byteLength) return '';
  const word = (index: number) => view.getUint16(at + index * 2, true);
  const [year, month, day, hour, minute, second] = [word(0), word(1), word(3), word(4), word(5), word(6)];
  const isTime =
    year >= 1601 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    word(7) < 1000;
  if (!isTime) return '';
  const time = `${two(hour)}:${two(minute)}:${two(second)}.${String(word(7)).padStart(3, '0')}`;
  return `${year}-${two(month)}-${two(day)}T${time}`;
}

/** `S-1-5-18`: revision, count of parts, authority (6 bytes, big-endian), parts (4 bytes each). */
function textOfSecurityId(bytes: Uint8Array, view: DataView): string {
  const parts = bytes[1] ?? 0;
  if (bytes.length < 8 + parts * 4) return hexOf(bytes);
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const numbers = Array.from({ length: parts }, (_, index) => view.getUint32(8 + index * 4, true));
  return ['S', bytes[0], authority, ...numbers].join('-');
}
