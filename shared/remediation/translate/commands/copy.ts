import { includingWindows } from '../../files-of-windows.ts';
import { type CommandDefinition, lines, notTranslated } from '../command-definition.ts';
import { splitOptions } from '../command-words.ts';
import { isFolderName, lastPartOf, noFolder, pathOf } from '../pasted-path.ts';

const ofTheSameBuild =
  'It is taken only when it was built under this name and belongs to the build of the machine; sha256 names its bytes instead.';

/** `copy` and `xcopy` of one file. */
export const copyCommand: CommandDefinition = {
  names: ['copy', 'xcopy', 'copy-item', 'cp'],
  example: String.raw`copy C:\Windows\System32\drivers\good.sys C:\Windows\System32\drivers\contoso.sys`,
  translate(words, context, name) {
    const { options, rest } = splitOptions(words);
    const [from, to, ...more] = rest.filter(word => !word.startsWith('-'));
    if (from === undefined || to === undefined || more.length > 0)
      return notTranslated('Expected: one file and where it goes.');
    if (options.has('/s') || options.has('/e'))
      return notTranslated('It copies whole folders. Expected: one line for each file.');
    const target =
      isFolderName(to) || name === 'xcopy' ? `${to.replace(/[\\/]$/, '')}\\${lastPartOf(from)}` : to;
    const [found, place] = [pathOf(from, context), pathOf(target, context)];
    if (found === undefined || place === undefined) return notTranslated(noFolder(from));
    const hive = /\\config\\regback\\(system|software)$/i.exec(from.replaceAll('/', '\\'))?.[1];
    if (hive !== undefined)
      return lines(
        [`restore hive ${hive.toUpperCase()} from RegBack`],
        'The logs of the hive stay: its backup becomes newer than they are, so Windows takes nothing from them.',
      );
    if (/\\(?:winsxs|windows\.old\\windows)\\/i.test(from.replaceAll('/', '\\')))
      return lines([`restore ${place} from ${found}, ${includingWindows}`], ofTheSameBuild);
    // Without a yes in advance these ask a person, and so does a script: the taken path refuses the plan.
    const isForced = options.has('/y') || words.some(word => /^-force$/i.test(word));
    return lines([`copy ${found} to ${place}${isForced ? ', replacing what is there' : ''}`]);
  },
};
