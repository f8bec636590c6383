import { encodeText, valueTypes } from '../../registry/value-type.ts';
import { printRegistryValue, readContent, readRegistryValue } from '../read-registry.ts';
import { changeOf } from '../registry-edits.ts';
import { contentOf, encodeContent, isSameContent, printContent } from '../registry-content.ts';
import { findValues, type FoundValue, sayFound } from '../registry-value.ts';
import { refuse, type Refusal } from '../resolve-files.ts';
import type { PlannedChange } from '../plan.ts';
import type { RegistryContent, SetRegistryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const setRegistry: ActionDefinition<SetRegistryAction> = {
  verb: 'set registry',
  form: 'set registry KEY value NAME to (number N|64-bit number N|text "…"|expandable text "…"|texts "…"|binary HEX)',
  class: 'reversible',
  meaning: 'gives one value of a key that exists this content',
  example: String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 1`,
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the value holds what it was set to',
  traps: [
    'A number is a REG_DWORD, a 64-bit number a REG_QWORD, a text a REG_SZ, an expandable text a REG_EXPAND_SZ, texts are a REG_MULTI_SZ and replace the whole list, binary is a REG_BINARY. A REG_EXPAND_SZ that is set to a text stays one; a value of another type refuses the plan.',
    'Keys are not made. CurrentControlSet means the control sets of the next and the last start.',
  ],
  source: 'Microsoft: registry value types',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const value = readRegistryValue(cursor);
    const content = value && cursor.expect('to') ? readContent(cursor) : undefined;
    return value && content && { verb: 'set registry', value, content };
  },
  print: ({ value, content }) => `set registry ${printRegistryValue(value)} to ${printContent(content)}`,
  explain: ({ value, content }) =>
    `Sets the registry value ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key} to ${printContent(content)}.`,
  plan({ value, content }, { volume, registry }) {
    const { hive, name } = value;
    const found = findValues(registry, value);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    const changes: PlannedChange[] = [];
    for (const { key, found: one } of found.places) {
      const written = writtenAs(key, name, one, content);
      if ('code' in written) return written;
      if (one.kind === 'value' && isSameContent(one.content, content)) continue;
      const what = `${key} ${name || '(default)'}: ${sayFound(one)} → ${printContent(contentOf(written.type, written.data) ?? content)}`;
      changes.push(changeOf(volume, hive, { kind: 'set-value', key, name, ...written }, what));
    }
    return changes;
  },
  prove({ value, content }, { registry }) {
    const found = findValues(registry, value);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const other = found.places.find(
      ({ found: one }) => one.kind !== 'value' || !isSameContent(one.content, content),
    );
    return other
      ? { verdict: 'failed', reason: `${value.name} of ${other.key} is ${sayFound(other.found)}.` }
      : { verdict: 'held', reason: `${value.name} is ${printContent(content)}.` };
  },
};

/** Type and bytes of the value; a value keeps its type, and one of another kind is never overwritten. */
function writtenAs(
  key: string,
  name: string,
  found: FoundValue,
  content: RegistryContent,
): { readonly type: number; readonly data: Uint8Array } | Refusal {
  if (found.kind === 'no-key')
    return refuse('registry-not-editable', `There is no key ${key}, and keys are not made.`);
  const { type, data } = encodeContent(content);
  if (found.kind !== 'value' || found.type === type) return { type, data };
  if (content.kind === 'text' && found.type === valueTypes.expandableText)
    return { type: found.type, data: encodeText(content.text) };
  return refuse('registry-not-editable', `${name} of ${key} is ${sayFound(found)}, not ${content.kind}.`);
}
