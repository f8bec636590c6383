import type { Cursor } from './cursor.ts';
import type { Span } from './diagnostic.ts';
import { type HiveName, hiveNames } from './offline-registry.ts';
import { quoteName } from './read-path.ts';
import { readText } from './read-value.ts';
import type { RegistryContent, RegistryValue } from './syntax-tree.ts';

const maxKeyLength = 255;
const maxNameLength = 120;
const maxTextLength = 200;
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:HKEY_LOCAL_MACHINE|HKLM):?\\/i, 'HKLM\\'],
  [/^(?=(?:SYSTEM|SOFTWARE)\\)/i, 'HKLM\\'],
];

/** Reads `KEY value NAME`. */
export function readRegistryValue(cursor: Cursor): RegistryValue | undefined {
  const token = cursor.readValue('a key, as HKLM\\SOFTWARE\\Contoso');
  if (!token) return undefined;
  const place = keyOf(token.value);
  if (!place) {
    reportKey(cursor, token.value, token.span);
    return undefined;
  }
  if (!cursor.expect('value')) return undefined;
  const name = cursor.readValue('the name of a value');
  if (!name) return undefined;
  if (name.value.length <= maxNameLength) return { ...place, name: name.value, span: token.span };
  cursor.add('invalid-key', name.span, `The name of the value has more than ${maxNameLength} characters.`);
  return undefined;
}

/** Reads `number N` or `text "…"`; undefined after a report. */
export function readContent(cursor: Cursor): RegistryContent | undefined {
  const kind = cursor.expectOneOf(['number', 'text'] as const);
  if (kind === undefined) return undefined;
  if (kind === 'text') {
    const text = readText(cursor, 'a text', maxTextLength);
    return text === undefined ? undefined : { kind, text };
  }
  const token = cursor.readValue('a number');
  if (!token) return undefined;
  const number =
    token.kind === 'word' && /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(token.value) ? Number(token.value) : NaN;
  if (number <= 0xffff_ffff) return { kind, number };
  cursor.add(
    'invalid-number',
    token.span,
    `${token.value} is not a number of the registry. Expected: 0 to 4294967295, as 4 or 0x4.`,
  );
  return undefined;
}

/** A value as scripts write it. */
export const printRegistryValue = ({ hive, key, name }: RegistryValue): string =>
  `${quoteName(`HKLM\\${hive}\\${key}`)} value ${quoteName(name)}`;

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
