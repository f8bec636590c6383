import { verdictOf } from '../../facts/verdict.ts';
import { readEdition } from '../read-servicing.ts';
import type { WindowsKindCondition } from '../condition-tree.ts';
import type { ConditionDefinition } from './condition-definition.ts';

const facts = {
  edition: 'os.edition',
  architecture: 'os.architecture',
  product: 'os.productType',
} as const satisfies Record<WindowsKindCondition['trait'], string>;
const values = { architecture: ['x64', 'arm64'], product: ['client', 'server'] } as const;

export const windowsKind: ConditionDefinition<WindowsKindCondition> = {
  kind: 'windows-kind',
  openings: ['windows edition', 'windows architecture', 'windows product'],
  form: 'windows (edition is NAME|architecture is (x64|arm64)|product is (client|server))',
  example: 'windows edition is Professional',
  meaning: 'which Windows this is',
  evidence: 'SOFTWARE hive; for the architecture the kernel file',
  isEvidence: false,
  isChangeable: false,
  read(cursor, opening) {
    if (!cursor.expect('is')) return undefined;
    const trait = opening.split(' ')[1] as WindowsKindCondition['trait'];
    const value = trait === 'edition' ? readEdition(cursor) : cursor.expectOneOf<string>(values[trait]);
    return value === undefined ? undefined : { kind: 'windows-kind', trait, value };
  },
  print: ({ trait, value }) => `windows ${trait} is ${value}`,
  explain: ({ trait, value }) => `the ${trait} of Windows is ${value}`,
  decide({ trait, value }, machine) {
    const is = machine.facts[facts[trait]];
    if (typeof is !== 'string')
      return { verdict: 'unknown', reason: `The ${trait} of Windows is not known.` };
    return {
      verdict: verdictOf(is.toLowerCase() === value.toLowerCase()),
      reason: `The ${trait} of Windows is ${is}.`,
    };
  },
};
