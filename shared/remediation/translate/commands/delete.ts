import { type CommandDefinition, lines, notTranslated } from '../command-definition.ts';
import { splitOptions } from '../command-words.ts';
import { noFolder, pathOf } from '../pasted-path.ts';

/** `del` and `Remove-Item`: files only, into quarantine. */
export const deleteCommand: CommandDefinition = {
  names: ['del', 'erase', 'remove-item', 'ri', 'rm'],
  example: String.raw`del C:\Windows\System32\drivers\CrowdStrike\C-00000291*.sys`,
  translate(words, context) {
    const { options, rest } = splitOptions(words);
    const paths = rest.filter(word => !word.startsWith('-'));
    if (paths.length > 0 && paths.every(path => /\.(?:regtrans-ms|blf)$/i.test(path)))
      return lines(
        ['clear transaction logs'],
        'It takes all of them, in TxR and beside the hives, into quarantine.',
      );
    const isDeep = options.has('/s') || words.some(word => /^-rec/i.test(word));
    if (isDeep)
      return notTranslated(
        'It deletes in every folder below. Expected: one line for each folder, since a wildcard stands only in the last part of a path.',
      );
    if (paths.length === 0) return notTranslated('It names no file.');
    const found = paths.map(path => pathOf(path, context));
    const missing = paths[found.indexOf(undefined)];
    if (missing !== undefined) return notTranslated(noFolder(missing));
    return lines(
      found.map(path => `delete ${path}`),
      'Nothing is lost: the files go into quarantine and can return.',
    );
  },
};
