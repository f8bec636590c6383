import { encodeText, valueTypes } from '../../registry/value-type.ts';
import { readClauses } from '../read-clauses.ts';
import { printRegistryValue, readContent, readRegistryValue } from '../read-registry.ts';
import { changeOf, changeOfNewKey } from '../registry-edits.ts';
import { contentOf, encodeContent, isSameContent, printContent } from '../registry-content.ts';
import { findValues, type FoundValue, listMissingKeys, sayFound } from '../registry-value.ts';
import { refuse, type Refusal } from '../resolve-files.ts';
import type { PlannedChange } from '../plan.ts';
import type { SetRegistryAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const setRegistry: ActionDefinition<SetRegistryAction> = {
  verb: 'set registry',
  form: 'set registry KEY value NAME to (number N|64-bit number N|text "…"|expandable text "…"|texts "…"|binary HEX)',
  class: 'reversible',
  meaning: 'gives one value of a key this content',
  example: String.raw`set registry HKLM\SYSTEM\CurrentControlSet\Control\CrashControl value AutoReboot to number 1`,
  clauses: ['creating the key', 'replacing the type'],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the value holds what it was set to',
  traps: [
    'A number is a REG_DWORD, a 64-bit number a REG_QWORD, a text a REG_SZ, an expandable text a REG_EXPAND_SZ, texts are a REG_MULTI_SZ and replace the whole list, binary is a REG_BINARY. A REG_EXPAND_SZ that is set to a text stays one; a value of another type refuses the plan, unless the line says `replacing the type`: then it has the type of the line afterwards, whatever it was.',
    'A key that is missing refuses the plan, unless the line says `creating the key`: then it is made with those above it, and has the access list of the one it stands in. CurrentControlSet means the control sets of the next and the last start.',
  ],
  source: 'Microsoft: registry value types',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const value = readRegistryValue(cursor);
    const content = value && cursor.expect('to') ? readContent(cursor) : undefined;
    const clauses = content && readClauses(cursor, this.clauses, 'required');
    if (!value || !content || !clauses) return undefined;
    const { said } = clauses;
    const [creating, replacingType] = [said.has('creating the key'), said.has('replacing the type')];
    return { verb: 'set registry', value, content, creating, replacingType };
  },
  print: ({ value, content, creating, replacingType }) =>
    [
      `set registry ${printRegistryValue(value)} to ${printContent(content)}`,
      ...(creating ? ['creating the key'] : []),
      ...(replacingType ? ['replacing the type'] : []),
    ].join(', '),
  explain: ({ value, content, creating, replacingType }) =>
    `Sets the registry value ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key} to ${printContent(content)}${replacingType ? ', also where it is of another type' : ''}${creating ? ', and makes the key where it is missing' : ''}.`,
  plan(action, { volume, registry }) {
    const { value, content, creating } = action;
    const { hive, name } = value;
    const found = findValues(registry, value);
    if (!found.ok) return refuse('registry-unknown', found.reason);
    const changes: PlannedChange[] = [];
    for (const { key, found: one } of found.places) {
      if (one.kind === 'no-key' && !creating)
        return refuse('registry-not-editable', `There is no key ${key}. Expected: creating the key.`);
      changes.push(...listMissingKeys(registry, hive, key).map(one => changeOfNewKey(volume, hive, one)));
      const written = writtenAs(key, name, one, action);
      if ('code' in written) return written;
      if (isAsSet(one, action)) continue;
      const what = `${key} ${name || '(default)'}: ${sayFound(one)} → ${printContent(contentOf(written.type, written.data) ?? content)}`;
      changes.push(changeOf(volume, hive, { kind: 'set-value', key, name, ...written }, what));
    }
    return changes;
  },
  prove(action, { registry }) {
    const { value, content } = action;
    const found = findValues(registry, value);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const other = found.places.find(({ found: one }) => !isAsSet(one, action));
    return other
      ? { verdict: 'failed', reason: `${value.name} of ${other.key} is ${sayFound(other.found)}.` }
      : { verdict: 'held', reason: `${value.name} is ${printContent(content)}.` };
  },
};

/** Whether a value is what the line says, and of its type where the line replaces that. */
const isAsSet = (found: FoundValue, { content, replacingType }: SetRegistryAction): boolean =>
  found.kind === 'value' &&
  isSameContent(found.content, content) &&
  (!replacingType || found.type === encodeContent(content).type);

/** Type and bytes of the value; it keeps its type, and one of another kind is overwritten only by a line that says so. */
function writtenAs(
  key: string,
  name: string,
  found: FoundValue,
  { content, replacingType }: SetRegistryAction,
): { readonly type: number; readonly data: Uint8Array } | Refusal {
  const { type, data } = encodeContent(content);
  if (found.kind !== 'value' || found.type === type || replacingType) return { type, data };
  if (content.kind === 'text' && found.type === valueTypes.expandableText)
    return { type: found.type, data: encodeText(content.text) };
  return refuse(
    'registry-not-editable',
    `${name} of ${key} is ${sayFound(found)}, not ${content.kind}. Expected on the line: replacing the type.`,
  );
}
