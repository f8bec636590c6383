import { test } from 'node:test';
import { checkBlock, table } from '../../support/document-tables.ts';
import { afterCut, type Fault, type FaultResult, faults } from '../support/faults.ts';

const words: Readonly<Record<FaultResult, string>> = {
  before: 'as before',
  after: 'as after',
  told: 'told as unfinished',
  believed: 'as before, reported by the tool’s word',
  left: 'taken back by the next start',
};

const row = (what: string, allowed: Fault['allowed']) => [
  what,
  ...(['reversible', 'repeatable', 'one-way'] as const).map(kind =>
    allowed[kind].length === 0 ? 'no tool runs' : allowed[kind].map(one => words[one]).join(', '),
  ),
];

test('what the documentation says of faults is what every action is held to', () =>
  checkBlock(
    'docs/when-something-fails.md',
    'faults',
    table(
      ['what goes wrong', 'reversible', 'repeatable', 'one-way'],
      [
        row('The power is cut, at any moment; seen at the next start.', afterCut),
        ...Object.values<Fault>(faults).map(one => row(one.what, one.allowed)),
      ],
    ),
  ));
