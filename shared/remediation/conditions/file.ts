import { verdictOf, verdictOfNot } from '../../facts/verdict.ts';
import { printFolder, printPath, printTraits, sayTraits } from '../phrases.ts';
import { readClauses } from '../read-clauses.ts';
import { quoteName, readFilePath } from '../read-path.ts';
import { resolveFiles } from '../resolve-files.ts';
import type { FileCondition } from '../condition-tree.ts';
import { printCount } from '../units.ts';
import type { ConditionDefinition } from './condition-definition.ts';

export const file: ConditionDefinition<FileCondition> = {
  kind: 'file',
  openings: ['file', 'no file'],
  form: '[no] file PATH, written …, size …, version …, sha256 …',
  example: String.raw`file %SystemRoot%\System32\drivers\contoso.sys written from 2024-07-19 04:09 UTC`,
  meaning: 'a file of this name is there (or none is), written, sized, versioned and hashed like that',
  evidence: 'the volume itself; the version resource of the file',
  isEvidence: true,
  isChangeable: true,
  read(cursor, opening) {
    const path = readFilePath(cursor);
    const clauses = readClauses(cursor, ['written', 'size', 'version', 'sha256'], 'optional');
    return path && clauses && { kind: 'file', no: opening === 'no file', path, traits: clauses.traits };
  },
  print({ no, path, traits }) {
    const [first, ...more] = printTraits(traits);
    const start = `${no ? 'no ' : ''}file ${quoteName(printPath(path))}`;
    return [first === undefined ? start : `${start} ${first}`, ...more].join(', ');
  },
  explain: ({ no, path, traits }) =>
    `there is ${no ? 'no' : 'a'} file ${path.name} in ${printFolder(path)}${sayTraits(traits)}`,
  decide({ no, path, traits }, { volume }) {
    const found = resolveFiles(volume, path, traits);
    if (found.kind === 'refused') return { verdict: 'unknown', reason: found.reason };
    const [first] = found.files;
    const where = `${path.name} in ${printFolder(path)}${sayTraits(traits)}`;
    if (!first && !found.isWhole)
      return { verdict: 'unknown', reason: `Whether there is a file ${where} is not known.` };
    const held = verdictOf(first !== undefined);
    return {
      verdict: no ? verdictOfNot(held) : held,
      reason: first
        ? `There ${found.files.length === 1 ? 'is' : 'are'} ${printCount(found.files.length)} ${where}: ${first.path}.`
        : `There is no file ${where}.`,
    };
  },
};
