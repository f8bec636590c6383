import { type EvidenceKind, evidenceKinds } from '../../wire/evidence.ts';
import { wordsOfEvidence } from '../actions/collect.ts';
import { lines, type TranslatedCommand } from './command-definition.ts';

/** The lines that collect them. */
export const collectLines = (kinds: readonly EvidenceKind[]): TranslatedCommand =>
  lines(
    kinds.map(kind => `collect ${wordsOfEvidence(kind)}`),
    'It is sent with the report of the attempt; nothing has to be copied anywhere.',
    ...(kinds.includes('crash-extract')
      ? ['Of a dump an extract of at most 300 kB is sent, never the dump.']
      : []),
    ...(kinds.includes('registry-extract')
      ? ['Of the registry its settings of the start are sent, never a hive.']
      : []),
  );

/** What a script can collect, for a person. */
export const everyEvidence = evidenceKinds.map(wordsOfEvidence).join(', ');
