import { foldName } from '../../../facts/glob.ts';
import { quoteName } from '../../read-path.ts';
import { type CommandDefinition, lines, notTranslated } from '../command-definition.ts';
import { splitOptions } from '../command-words.ts';
import { lastPartOf, noFolder, pathOf } from '../pasted-path.ts';

/** `move` within one folder is a new name; out of a folder it is what quarantine does better. */
export const moveCommand: CommandDefinition = {
  names: ['move', 'move-item', 'mv'],
  example: String.raw`move C:\Windows\System32\drivers\bad.sys C:\Windows\System32\drivers\bad.off`,
  translate(words, context) {
    const [from, to, ...more] = splitOptions(words).rest.filter(word => !word.startsWith('-'));
    if (from === undefined || to === undefined || more.length > 0)
      return notTranslated('Expected: one path and one new path.');
    const [found, target] = [pathOf(from, context), pathOf(to, context)];
    if (found === undefined || target === undefined) return notTranslated(noFolder(from));
    if (foldName(folderOf(found)) === foldName(folderOf(target)))
      return lines([`rename ${found} to ${quoteName(lastPartOf(to))}`]);
    return lines(
      [`delete ${found}`],
      'It was moved to another folder, so that it is out of the way: that is what delete does, and the file can return from quarantine.',
    );
  },
};

const folderOf = (path: string) =>
  path.replaceAll('"', '').slice(0, path.replaceAll('"', '').lastIndexOf('\\'));
