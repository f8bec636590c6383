import { compareNumbers } from '../../facts/range.ts';
import { verdictOf } from '../../facts/verdict.ts';
import { isInExtent } from '../extent.ts';
import { printExtent, sayExtent } from '../phrases.ts';
import { readExtent } from '../read-extent.ts';
import { readSize } from '../read-value.ts';
import type { FreeSpaceCondition } from '../condition-tree.ts';
import { printSize } from '../units.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const freeSpace: ConditionDefinition<FreeSpaceCondition> = {
  kind: 'free-space',
  openings: ['free space'],
  form: 'free space RANGE',
  example: 'free space at least 2 GB',
  meaning: 'so much may still be written on the Windows volume',
  evidence: 'the volume itself',
  isEvidence: false,
  isChangeable: false,
  read(cursor) {
    const sizeBytes = readExtent(cursor, readSize, compareNumbers);
    return sizeBytes && { kind: 'free-space', sizeBytes };
  },
  print: ({ sizeBytes }) => `free space ${printExtent(sizeBytes, printSize)}`,
  explain: ({ sizeBytes }) =>
    `the free space of the Windows volume is ${sayExtent(sizeBytes, printSize, { atLeast: 'or more' })}`,
  decide({ sizeBytes }, { volume }) {
    const free = volume.freeBytes?.();
    if (free === undefined)
      return { verdict: 'unknown', reason: 'How much space is free on the Windows volume is not known.' };
    return {
      verdict: verdictOf(isInExtent(sizeBytes, free, compareNumbers)),
      reason: `${free} bytes are free on the Windows volume.`,
    };
  },
};
