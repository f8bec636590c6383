import { includingWindows } from '../../files-of-windows.ts';
import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';
import { splitOptions } from '../command-words.ts';
import { findEvidence } from '../../evidence-names.ts';
import { collectLines } from '../collect-lines.ts';
import { isFolderName, lastPartOf, noFolder, pathOf } from '../pasted-path.ts';

const ofTheSameBuild =
  'It is taken only when it was built under this name and belongs to the build of the machine; sha256 names its bytes instead.';

/** `copy` and `xcopy` of one file. */
export const copyCommand: CommandDefinition = {
  names: ['copy', 'xcopy', 'copy-item', 'cp'],
  example: String.raw`copy C:\Windows\System32\drivers\good.sys C:\Windows\System32\drivers\contoso.sys`,
  translate(words, context) {
    const { options, rest } = splitOptions(words);
    // "Copy a.dll to b.dll", as articles say it.
    const given = rest.filter(word => !word.startsWith('-'));
    const [from, to, ...more] = given.filter((word, at) => at !== 1 || word.toLowerCase() !== 'to');
    const evidence = from === undefined ? [] : findEvidence(lastPartOf(from));
    if (evidence.length > 0) return collectLines(evidence);
    if (from === undefined || to === undefined || more.length > 0)
      return notTranslated('Expected: one file and where it goes.');
    if (options.has('/s') || options.has('/e'))
      return notTranslated('It copies whole folders. Expected: one line for each file.');
    const target = isFolderName(to) ? `${to.replace(/[\\/]$/, '')}\\${lastPartOf(from)}` : to;
    if (driveOf(from) !== undefined && driveOf(to) !== undefined && driveOf(from) !== driveOf(to))
      return notTranslated(
        `It goes to another volume, ${driveOf(to)}. Scripts reach the Windows volume alone.`,
      );
    const [found, place] = [pathOf(from, context), pathOf(target, context)];
    if (found === undefined || place === undefined) return notTranslated(noFolder(from));
    const kept = /\\config\\(?:system|software|sam|security|default|components)$/i;
    if (kept.test(found.replaceAll('"', '')))
      return notNeeded('Hives are saved before a script changes anything in them.');
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
    return isForced
      ? lines([`copy ${found} to ${place}, replacing what is there`])
      : lines(
          [`copy ${found} to ${place}`],
          'A path that is taken refuses the plan. To replace what is there, say so: ", replacing what is there".',
        );
  },
};

const driveOf = (path: string) => /^([A-Za-z]:)[\\/]?/.exec(path)?.[1]?.toUpperCase();
