import { textOfUtf16 } from '../bytes/utf16.ts';
import type { Hive } from './hive.ts';
import type { EditProblem, HiveEdit, ValueEdit } from './hive-edit.ts';
import type { HiveKey } from './key-node.ts';
import { foldName } from './record-name.ts';
import { decodeTextList, encodeTextList, valueTypes } from './value-type.ts';

const mostNameUnits = 16383;
const mostDataBytes = 1024 * 1024;

/** What an edit makes of a value; without data it shall not be. */
export function resolveValue(
  hive: Hive,
  key: HiveKey,
  edit: ValueEdit,
): { readonly type: number; readonly data: Uint8Array | undefined } | EditProblem {
  if (edit.kind === 'remove-value') return { type: 0, data: undefined };
  if (edit.kind === 'set-value') {
    if (edit.name.length > mostNameUnits) {
      const message = `the value name has ${edit.name.length} characters; Windows allows ${mostNameUnits}`;
      return { code: 'name-too-long', message };
    }
    if (edit.data.length > mostDataBytes) {
      return {
        code: 'data-too-long',
        message: `${edit.data.length} bytes are more than the 1 MiB a value may have`,
      };
    }
    return { type: edit.type, data: edit.data };
  }
  const value = hive.findValue(key, edit.name);
  if (!value) return edit.kind === 'add-list-entry' ? withEntry([], edit) : { type: 0, data: undefined };
  const data = hive.dataOf(value);
  const entries = decodeTextList(data);
  // A list with empty texts inside, as pending renames are, would lose what follows them.
  const isList = textOfUtf16(data).replace(/\0+$/, '') === entries.join('\0');
  if (value.type !== valueTypes.textList || !isList) {
    return {
      code: 'not-a-list',
      message: `the value ${edit.name} of ${edit.key} is no list of texts (REG_MULTI_SZ)`,
    };
  }
  const has = (entry: string) => entries.some(one => foldName(one) === foldName(entry));
  if (edit.kind === 'add-list-entry')
    return has(edit.entry) ? { type: value.type, data } : withEntry(entries, edit);
  const kept = entries.filter(entry => foldName(entry) !== foldName(edit.entry));
  if (kept.length === entries.length) return { type: value.type, data };
  return { type: value.type, data: kept.length === 0 ? undefined : encodeTextList(kept) };
}

/** The list with one more entry. */
function withEntry(
  entries: readonly string[],
  { key, name, entry, before }: HiveEdit & { readonly kind: 'add-list-entry' },
): { readonly type: number; readonly data: Uint8Array } | EditProblem {
  const at = before === null ? entries.length : entries.findIndex(one => foldName(one) === foldName(before));
  if (at < 0) return { code: 'entry-absent', message: `the value ${name} of ${key} does not list ${before}` };
  return { type: valueTypes.textList, data: encodeTextList(entries.toSpliced(at, 0, entry)) };
}
