import { findProtectionBelow } from '../protected-keys.ts';
import { readClauses } from '../read-clauses.ts';
import { printRegistryKey, readRegistryKey } from '../read-registry.ts';
import { changeOf } from '../registry-edits.ts';
import { findKeys } from '../registry-value.ts';
import { refuse } from '../resolve-files.ts';
import type { PlannedChange } from '../plan.ts';
import type { RemoveRegistryKeyAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

const mostKeys = 64;
const mostValues = 4096;
const mostDataBytes = 1024 * 1024;

export const removeRegistryKey: ActionDefinition<RemoveRegistryKeyAction> = {
  verb: 'remove registry key',
  form: 'remove registry key KEY',
  example: String.raw`remove registry key HKLM\SOFTWARE\Contoso\Agent\Broken, at most 4 keys`,
  class: 'reversible',
  meaning: 'takes a key away with all its values and everything below it',
  clauses: ['at most keys'],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte',
  verify: 'the key is absent',
  traps: [
    `The key and those below it are at most ${mostKeys} unless the line says otherwise, with ${mostValues} values and 1 MB at most; more refuses the whole plan.`,
    'No key goes that is protected or has a protected one anywhere below it, nor the settings of a driver or service that Windows cannot start without. Links refuse the plan.',
  ],
  source: 'Microsoft: registry keys and their security',
  windows: 'Windows 7 and later',
  changes: 'registry',
  read(cursor) {
    const key = readRegistryKey(cursor);
    const clauses = key && readClauses(cursor, this.clauses, 'required');
    return key && clauses && { verb: 'remove registry key', key, limits: clauses.limits };
  },
  print: ({ key, limits }) =>
    `remove registry key ${printRegistryKey(key)}${limits.keys === undefined ? '' : `, at most ${limits.keys} keys`}`,
  explain: ({ key, limits }) =>
    `Removes the registry key HKLM\\${key.hive}\\${key.key} with everything below it, at most ${limits.keys ?? mostKeys} keys.`,
  plan({ key: { hive: name, ...rest }, limits }, { volume, registry }) {
    const found = findKeys(registry, { hive: name, ...rest });
    if (!found.ok) return refuse('registry-unknown', found.reason);
    const { hive, keys } = found;
    const allowed = limits.keys ?? mostKeys;
    const changes: PlannedChange[] = [];
    for (const key of keys) {
      const node = hive.findKey(key);
      if (!node) continue;
      let [count, values, dataBytes] = [0, 0, 0];
      for (const { path, key: one } of hive.walk(node)) {
        const what = findProtectionBelow(name, path === '' ? key : `${key}\\${path}`);
        if (what !== undefined) return refuse('protected-place', `${key}\\${path} belongs to ${what}.`);
        if (++count > allowed)
          return refuse('too-many-keys', `${key} has more than ${allowed} keys at and below it.`);
        for (const value of hive.values(one)) dataBytes += value.sizeBytes;
        values += one.valueCount;
        if (values > mostValues || dataBytes > mostDataBytes)
          return refuse('too-many-bytes', `${key} holds more than ${mostValues} values or 1 MB.`);
      }
      const what = `${key}: ${count === 1 ? 'present' : `present with ${count - 1} below`} → absent`;
      changes.push(changeOf(volume, name, { kind: 'remove-key', key }, what));
    }
    return hive.problems.length === 0
      ? changes
      : refuse('registry-unknown', `The hive ${name} is damaged: ${hive.problems[0]!.message}.`);
  },
  prove({ key }, { registry }) {
    const found = findKeys(registry, key);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const left = found.keys.find(one => found.hive.findKey(one));
    return left === undefined
      ? { verdict: 'held', reason: `${key.key} is absent.` }
      : { verdict: 'failed', reason: `The key ${left} is still there.` };
  },
};
