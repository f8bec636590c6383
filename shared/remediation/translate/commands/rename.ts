import { quoteName } from '../../read-path.ts';
import { type CommandDefinition, lines, notTranslated } from '../command-definition.ts';
import { splitOptions } from '../command-words.ts';
import { lastPartOf, noFolder, pathOf } from '../pasted-path.ts';

/** `ren` and `Rename-Item`. */
export const renameCommand: CommandDefinition = {
  names: ['ren', 'rename', 'rename-item', 'rni'],
  example: String.raw`ren C:\Windows\System32\drivers\bad.sys bad.sys.off`,
  translate(words, context) {
    const given = splitOptions(words).rest.filter(word => !word.startsWith('-'));
    // "Rename bad.sys to bad.off", as articles say it.
    const [path, newName, ...more] = given.filter((word, at) => at !== 1 || word.toLowerCase() !== 'to');
    if (path === undefined || newName === undefined || more.length > 0)
      return notTranslated('Expected: one path and one new name; a name with blanks stands in quotes.');
    const found = pathOf(path, context);
    if (found === undefined) return notTranslated(noFolder(path));
    return lines([`rename ${found} to ${quoteName(lastPartOf(newName))}`]);
  },
};
