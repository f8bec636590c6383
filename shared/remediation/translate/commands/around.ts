import { isInterpreter } from '../../interpreters.ts';
import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';
import { pathOf } from '../pasted-path.ts';

/** `cd`, after which relative names mean files of that folder. */
export const changeFolderCommand: CommandDefinition = {
  names: ['cd', 'chdir', 'pushd', 'set-location', 'sl'],
  example: String.raw`cd /d C:\Windows\System32\drivers\CrowdStrike`,
  translate(words, context) {
    const folder = words.filter(word => !/^\/d$/i.test(word)).join(' ');
    if (folder === '' || folder === '..') {
      context.folder = undefined;
      return notNeeded('The folder above is not followed. Expected: a whole path.');
    }
    context.folder = pathOf(folder, context)?.replaceAll('"', '');
    return context.folder === undefined
      ? notTranslated('Where this folder lies is not said. Expected: a whole path.')
      : notNeeded(`Names without a folder now lie in ${context.folder}.`);
  },
};

/** `shutdown /r` and what else restarts a machine. */
export const restartCommand: CommandDefinition = {
  names: ['shutdown', 'wpeutil', 'restart-computer'],
  example: 'shutdown /r /t 0',
  translate: (words, _context, name) =>
    name === 'restart-computer' || words.some(word => /^(\/r|-r|\/g|reboot)$/i.test(word))
      ? lines(['reboot'])
      : notTranslated('A script restarts a machine and never switches it off. Expected: shutdown /r.'),
};

/** What the agent does anyway, or what has no effect here. */
export const needlessCommand: CommandDefinition = {
  names: [
    'dir', 'type', 'notepad', 'regedit', 'rem', 'pause', 'exit', 'cls', 'timeout', 'attrib', 'takeown', 'icacls', 'cacls', 'md', 'mkdir',
    'diskpart', 'list', 'findstr', 'find', 'more', 'set', 'setlocal', 'endlocal', 'ver', 'where', 'get-childitem', 'get-item',
  ],
  example: String.raw`attrib -r -s -h C:\Windows\System32\drivers\bad.sys`,
  translate: (_words, _context, name) =>
    /^(attrib|takeown|icacls|cacls)$/.test(name)
      ? notNeeded('The agent may change every file that is not protected, and keeps attributes and access lists.')
      : notNeeded(
          name === 'md' || name === 'mkdir'
            ? 'No folder is needed for what is set aside: it goes into quarantine, and hives are saved.'
            : 'It only looks or waits.',
        ),
}; // prettier-ignore

/** `manage-bde`: volumes are unlocked before a script runs, never by one. */
export const unlockCommand: CommandDefinition = {
  names: ['manage-bde', 'unlock-bitlocker'],
  example: 'manage-bde -unlock C: -RecoveryPassword 000000-000000-000000-000000-000000-000000-000000-000000',
  translate: words =>
    words.some(word => /^-(unlock|status)$/i.test(word))
      ? notNeeded(
          'A script runs only on a volume that is unlocked already. Never write a recovery password into a script.',
        )
      : notTranslated('Scripts do not change how a volume is protected.'),
};

/** What a script must not do. */
export const refusedCommand: CommandDefinition = {
  names: ['rd', 'rmdir', 'if', 'for', 'goto', 'call', 'start', 'regsvr32', 'format', 'diskshadow', 'reagentc', 'rstrui', 'fsutil', 'mklink', 'robocopy', 'wmic', 'powershell', 'pwsh', 'msiexec', 'pnputil', 'curl', 'certutil', 'bitsadmin'],
  example: String.raw`rd /s /q C:\Windows\SoftwareDistribution`,
  translate: (_words, _context, name) => notTranslated(refusals[name] ?? (isInterpreter(name) ? whatever : 'Scripts cannot say this.')),
}; // prettier-ignore

const whatever = 'It runs whatever its arguments say, and no script runs such a program.';
const refusals: Readonly<Record<string, string>> = {
  rd: 'Folders are not removed. Expected: a line that deletes the files which are bad.',
  rmdir: 'Folders are not removed. Expected: a line that deletes the files which are bad.',
  format: 'Nothing formats a volume.',
  if: 'Conditions of a batch file are not followed. Expected: require with what must hold, and the command in a line of its own.',
  for: 'Loops are not followed. Expected: the command in a line of its own for each file, or a wildcard in the last part of its path.',
  goto: 'Jumps are not followed. Expected: the commands in the order in which they run.',
  call: 'Other batch files are not followed. Expected: their commands.',
  pnputil: 'pnputil works only in a running Windows. Expected: dism /Image:… /Remove-Driver.',
  robocopy: 'It copies whole folders. Expected: one line for each file.',
  reagentc: 'The recovery environment is set up by the agent in a healthy Windows, never by a script.',
};
