import { lines, notTranslated, type PasteContext, type TranslatedCommand } from '../command-definition.ts';
import { printArguments } from '../../read-arguments.ts';
import { noFolder, pathOf } from '../pasted-path.ts';

/** Stands for the hash that an author has to write; no file has it, so no device runs what is left like this. */
export const unwrittenHash = '0'.repeat(64);

const byItsHash =
  'Write its hash in the place of the zeros, as Get-FileHash says it. It runs only on devices that allow exactly this program, cannot be undone, and its word is all the proof there is: say with verify what must be true afterwards.';

/** Whether a typed line starts a program of the volume: a sentence can start with the name of one too. */
export const isProgramLine = (program: string, words: readonly string[]): boolean =>
  /\.exe$/i.test(program) && words.some(word => /^(?:\/|--?)[A-Za-z]/.test(word));

/** A program that no line of the language stands for. */
export function translateProgram(
  program: string,
  words: readonly string[],
  context: PasteContext,
): TranslatedCommand {
  const path = pathOf(program.replace(/^[A-Za-z]:\\Program Files(?=\\)/i, '%ProgramFiles%'), context);
  if (path === undefined) return notTranslated(noFolder(program));
  const given = printArguments(words.map(withPlaces));
  return lines(
    [`run ${path} ${given}, sha256 ${unwrittenHash}, at most 5 minutes, accepting no undo`],
    byItsHash,
  );
}

/** An argument with the places of the Windows that was found where it names those of a running one. */
const withPlaces = (word: string) =>
  word
    .replaceAll(/%windir%|\b[A-Za-z]:\\Windows(?=\\|$)/gi, '%SystemRoot%')
    .replaceAll(/%homedrive%|^[A-Za-z]:$|\b[A-Za-z]:(?=\\)/gi, '%SystemDrive%');
