import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import { type HiveName, hiveNames } from './offline-registry.ts';
import { quoteName } from './read-path.ts';
import { readText } from './read-value.ts';
import type { RegistryContent, RegistryKey, RegistryValue } from './tree-parts.ts';

const maxKeyLength = 255;
const maxNameLength = 120;
const maxTextLength = 200;
const maxBinaryBytes = 128;
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:HKEY_LOCAL_MACHINE|HKLM):?\\/i, 'HKLM\\'],
  [/^(?=(?:SYSTEM|SOFTWARE)\\)/i, 'HKLM\\'],
];

/** Reads `KEY`. */
export function readRegistryKey(cursor: Cursor): RegistryKey | undefined {
  const token = cursor.readValue('a key, as HKLM\\SOFTWARE\\Contoso');
  if (!token) return undefined;
  const place = keyOf(token.value);
  if (place) return { ...place, span: token.span };
  reportKey(cursor, token.value, token.span);
  return undefined;
}

/** Reads `KEY value NAME`. */
export function readRegistryValue(cursor: Cursor): RegistryValue | undefined {
  const place = readRegistryKey(cursor);
  if (!place || !cursor.expect('value')) return undefined;
  const name = cursor.readValue('the name of a value');
  if (!name) return undefined;
  if (name.value.length <= maxNameLength) return { ...place, name: name.value };
  cursor.add('invalid-key', name.span, `The name of the value has more than ${maxNameLength} characters.`);
  return undefined;
}

/** The kinds of content, by their words. */
export const contentKinds = ['number', '64-bit', 'text', 'expandable', 'texts', 'binary'] as const;

/** What Windows and its tools call the kinds. */
const habits: Readonly<Record<string, RegistryContent['kind']>> = {
  dword: 'number',
  qword: '64-bit number',
  sz: 'text',
  string: 'text',
  expand_sz: 'expandable text',
  multi_sz: 'texts',
  list: 'texts',
  hex: 'binary',
};

/** Reads what a value holds, as `number 1`; undefined after a report. */
export function readContent(cursor: Cursor): RegistryContent | undefined {
  const token = cursor.peek();
  const meant = token?.kind === 'word' ? habits[token.value.toLowerCase().replace(/^reg_/, '')] : undefined;
  if (token && meant !== undefined) {
    cursor.add(
      'unknown-word',
      token.span,
      `The word ${token.value} has no meaning here. Did you mean ${meant}?`,
      { title: `Write ${meant}`, span: token.span, text: meant },
    );
    return undefined;
  }
  const kind = cursor.expectOneOf(contentKinds);
  switch (kind) {
    case undefined:
      return undefined;
    case 'number': {
      const number = readWhole(cursor, 0xffff_ffffn);
      return number === undefined ? undefined : { kind, number: Number(number) };
    }
    case '64-bit': {
      const number = cursor.expect('number') ? readWhole(cursor, 0xffff_ffff_ffff_ffffn) : undefined;
      return number === undefined ? undefined : { kind: '64-bit number', digits: String(number) };
    }
    case 'text': {
      const text = readText(cursor, 'a text', maxTextLength);
      return text === undefined ? undefined : { kind, text };
    }
    case 'expandable': {
      const text = cursor.expect('text') ? readText(cursor, 'a text', maxTextLength) : undefined;
      return text === undefined ? undefined : { kind: 'expandable text', text };
    }
    case 'texts':
      return readTexts(cursor);
    case 'binary':
      return readBinary(cursor);
    default:
      return kind satisfies never;
  }
}

/** Reads one text of a list. */
export const readEntry = (cursor: Cursor): string | undefined => readText(cursor, 'a text', maxTextLength);

/** Reads texts with commas between; a comma before a word begins a clause. */
function readTexts(cursor: Cursor): RegistryContent | undefined {
  const texts: string[] = [];
  do {
    const text = readEntry(cursor);
    if (text === undefined) return undefined;
    texts.push(text);
  } while (cursor.peek(1)?.kind === 'text' && cursor.takeComma());
  return { kind: 'texts', texts };
}

function readBinary(cursor: Cursor): RegistryContent | undefined {
  const token = cursor.readValue('bytes as hex digits, as 0a1b');
  if (!token) return undefined;
  const isHex = (text: string) => /^(?:[0-9a-f]{2})+$/.test(text) && text.length <= maxBinaryBytes * 2;
  if (isHex(token.value)) return { kind: 'binary', hex: token.value };
  const better = token.value
    .toLowerCase()
    .replace(/^(?:0x|hex:)/, '')
    .replaceAll(/[\s:,-]/g, '');
  cursor.add(
    'invalid-binary',
    token.span,
    `${clip(token.value)} is not a sequence of bytes. Expected: two hex digits in lower case for each, as 0a1b, up to ${maxBinaryBytes} bytes.`,
    isHex(better) ? { title: `Write ${better}`, span: token.span, text: better } : undefined,
  );
  return undefined;
}

/** Reads a whole number up to a largest one, in digits or as 0x and hex digits. */
function readWhole(cursor: Cursor, most: bigint): bigint | undefined {
  const token = cursor.readValue('a number');
  if (!token) return undefined;
  const isNumber = token.kind === 'word' && /^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(token.value);
  const number = isNumber ? BigInt(token.value) : undefined;
  if (number !== undefined && number <= most) return number;
  const isWide = number !== undefined && number <= 0xffff_ffff_ffff_ffffn;
  cursor.add(
    'invalid-number',
    token.span,
    `${clip(token.value)} is not a number that fits here. Expected: 0 to ${most}, as 4 or 0x4${isWide ? '; what is larger is a 64-bit number' : ''}.`,
  );
  return undefined;
}

const clip = (text: string) => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);

/** A key as scripts write it. */
export const printRegistryKey = ({ hive, key }: RegistryKey): string => quoteName(`HKLM\\${hive}\\${key}`);

/** A value as scripts write it. */
export const printRegistryValue = (value: RegistryValue): string =>
  `${printRegistryKey(value)} value ${quoteName(value.name)}`;

function keyOf(text: string): { readonly hive: HiveName; readonly key: string } | undefined {
  const [root, hiveName, ...parts] = text.split('\\');
  const hive = hiveNames.find(name => name === hiveName);
  const isGood =
    text.length <= maxKeyLength &&
    root === 'HKLM' &&
    parts.length > 0 &&
    parts.every(part => part.trim() !== '');
  if (!hive || !isGood) return undefined;
  // A number of a control set means another one on the next machine.
  const isNumbered = hive === 'SYSTEM' && /^ControlSet\d+$/i.test(parts[0]!);
  const isOtherwise =
    hive === 'SYSTEM' && /^CurrentControlSet$/i.test(parts[0]!) && parts[0] !== 'CurrentControlSet';
  return isNumbered || isOtherwise ? undefined : { hive, key: parts.join('\\') };
}

function reportKey(cursor: Cursor, text: string, span: Span): void {
  const [pattern, start] = aliases.find(([one]) => one.test(text)) ?? [/^/, ''];
  const better = text
    .replace(pattern, start)
    .replace(/^HKLM\\(SYSTEM|SOFTWARE)(?=\\)/i, (_, hive: string) => `HKLM\\${hive.toUpperCase()}`)
    .replace(/^HKLM\\SYSTEM\\(?:ControlSet\d+|CurrentControlSet)(?=\\|$)/i, 'HKLM\\SYSTEM\\CurrentControlSet')
    .replace(/\\+$/, '');
  cursor.add(
    'invalid-key',
    span,
    `${text} is not a key that scripts can name. Expected: HKLM\\SYSTEM\\ or HKLM\\SOFTWARE\\ and what is below, with CurrentControlSet for the set that Windows starts with.`,
    keyOf(better) ? { title: `Write ${better}`, span, text: quoteName(better) } : undefined,
  );
}
