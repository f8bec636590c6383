import { textOfUtf16, utf16Of } from '../bytes/utf16.ts';

/** Numbers of the value types that have a name. */
export const valueTypes = {
  none: 0,
  text: 1,
  expandableText: 2,
  binary: 3,
  dword: 4,
  dwordBigEndian: 5,
  link: 6,
  textList: 7,
  resourceList: 8,
  fullResourceDescriptor: 9,
  resourceRequirementsList: 10,
  qword: 11,
} as const;

const names = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD',
  'REG_DWORD_BIG_ENDIAN',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENTS_LIST',
  'REG_QWORD',
] as const;

/** `REG_SZ` and the like; a type without a name as `0x...`. Drivers are free to use any number. */
export const nameOfType = (type: number): string => names[type] ?? `0x${type.toString(16)}`;

/** Whether values of a type hold one text. */
export const isText = (type: number): boolean =>
  type === valueTypes.text || type === valueTypes.expandableText || type === valueTypes.link;

/** Text of a text value: up to the first NUL, or all of it when the writer left the NUL out. */
export function decodeText(data: Uint8Array): string {
  const text = textOfUtf16(data);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Texts of a list: up to the empty one that ends it, or to the end of the data when the writer left that out. */
export function decodeTextList(data: Uint8Array): readonly string[] {
  const texts = textOfUtf16(data).split('\0');
  const end = texts.indexOf('');
  return end < 0 ? texts : texts.slice(0, end);
}

/** Number of a DWORD, of either byte order, or of a QWORD; undefined when the data is not as long as its type. */
export function decodeNumber(type: number, data: Uint8Array): number | bigint | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === valueTypes.dword && data.length === 4) return view.getUint32(0, true);
  if (type === valueTypes.dwordBigEndian && data.length === 4) return view.getUint32(0);
  if (type === valueTypes.qword && data.length === 8) return view.getBigUint64(0, true);
  return undefined;
}

/** Data of a text value. */
export const encodeText = (text: string): Uint8Array => utf16Of(`${text}\0`);

/** Data of a list of texts; none of them may be empty. */
export const encodeTextList = (texts: readonly string[]): Uint8Array =>
  utf16Of(`${texts.map(text => `${text}\0`).join('')}\0`);

/** Data of a QWORD. */
export function encodeQword(value: bigint): Uint8Array {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return data;
}

/** Data of a DWORD. */
export function encodeDword(value: number): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return data;
}
