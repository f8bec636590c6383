import { verdictOf } from '../../facts/verdict.ts';
import { contentKinds, printRegistryValue, readContent, readRegistryValue } from '../read-registry.ts';
import { isSameContent, printContent } from '../registry-content.ts';
import { findValues, sayFound } from '../registry-value.ts';
import type { RegistryValueCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

const states = ['present', 'absent'] as const;

export const registryValue: ConditionDefinition<RegistryValueCondition> = {
  kind: 'registry-value',
  openings: ['registry'],
  form: 'registry KEY value NAME is (present|absent|number N|64-bit number N|text "…"|expandable text "…"|texts "…"|binary HEX)',
  example: String.raw`registry HKLM\SOFTWARE\Contoso\Agent value Channel is text "early"`,
  meaning:
    'the value is there, is not there, or holds this: `number` also one of 64 bits, `text` also one that is expanded, `texts` these in this order',
  evidence: 'SYSTEM or SOFTWARE hive with its logs',
  isEvidence: true,
  isChangeable: true,
  read(cursor) {
    const value = readRegistryValue(cursor);
    if (!value || !cursor.expect('is')) return undefined;
    const state = states.find(one => cursor.isWord(one));
    if (state) {
      cursor.skip();
      return { kind: 'registry-value', value, is: state };
    }
    if (cursor.peek()?.kind !== 'word') {
      cursor.expectOneOf([...states, ...contentKinds]);
      return undefined;
    }
    const content = readContent(cursor);
    return content && { kind: 'registry-value', value, is: content };
  },
  print: ({ value, is }) =>
    `registry ${printRegistryValue(value)} is ${typeof is === 'string' ? is : printContent(is)}`,
  explain: ({ value, is }) =>
    `the registry value ${value.name || '(default)'} of HKLM\\${value.hive}\\${value.key} is ${typeof is === 'string' ? is : printContent(is)}`,
  decide({ value, is }, { registry }) {
    const found = findValues(registry, value);
    if (!found.ok) return { verdict: 'unknown', reason: found.reason };
    const holds = ({ found: one }: (typeof found.places)[number]) => {
      if (typeof is === 'string') return (one.kind === 'value') === (is === 'present');
      return one.kind === 'value' && isSameContent(one.content, is);
    };
    const shown = found.places.find(place => !holds(place)) ?? found.places[0]!;
    return {
      verdict: verdictOf(found.places.every(holds)),
      reason: `The value ${value.name || '(default)'} of ${shown.key} is ${sayFound(shown.found)}.`,
    };
  },
};
