import { verdictOf } from '../../facts/verdict.ts';
import { printRegistryKey, readRegistryKey } from '../read-registry.ts';
import { findKeys } from '../registry-value.ts';
import type { RegistryKeyCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const registryKey: ConditionDefinition<RegistryKeyCondition> = {
  kind: 'registry-key',
  openings: ['registry key'],
  form: 'registry key KEY is (present|absent)',
  example: String.raw`registry key HKLM\SOFTWARE\Contoso\Agent is present`,
  meaning: 'the key is there, or is not there',
  evidence: 'SYSTEM or SOFTWARE hive with its logs',
  isEvidence: true,
  isChangeable: true,
  read(cursor) {
    const key = readRegistryKey(cursor);
    const is = key && cursor.expect('is') ? cursor.expectOneOf(['present', 'absent'] as const) : undefined;
    return key && is && { kind: 'registry-key', key, is };
  },
  print: ({ key, is }) => `registry key ${printRegistryKey(key)} is ${is}`,
  explain: ({ key, is }) => `the registry key HKLM\\${key.hive}\\${key.key} is ${is}`,
  decide({ key, is }, { registry }) {
    const found = findKeys(registry, key);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const { hive, keys } = found;
    const holds = (path: string) => (hive.findKey(path) !== undefined) === (is === 'present');
    const shown = keys.find(path => !holds(path)) ?? keys[0]!;
    const verdict = verdictOf(keys.every(holds));
    if (hive.problems.length > 0)
      return { verdict: 'unknown', reason: `The hive ${key.hive} is damaged: ${hive.problems[0]!.message}.` };
    return { verdict, reason: `The key ${shown} is ${hive.findKey(shown) ? 'present' : 'absent'}.` };
  },
};
