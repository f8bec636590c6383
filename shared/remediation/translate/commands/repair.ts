import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';

/** `sfc /scannow …`. */
export const systemFilesCommand: CommandDefinition = {
  names: ['sfc'],
  example: String.raw`sfc /scannow /offbootdir=C:\ /offwindir=C:\Windows`,
  translate: words =>
    words.some(word => /^\/scannow$/i.test(word))
      ? lines(['repair system files'])
      : notNeeded('It only looks.'),
};

/** `chkdsk C: /f`. */
export const fileSystemCommand: CommandDefinition = {
  names: ['chkdsk'],
  example: 'chkdsk C: /f',
  translate: words =>
    words.some(word => /^\/(f|r|x|b|spotfix|offlinescanandfix)$/i.test(word))
      ? lines(['repair file system'])
      : notNeeded('Without /f it only looks.'),
};

/** `bcdboot C:\Windows …`. */
export const bootFilesCommand: CommandDefinition = {
  names: ['bcdboot', 'bootrec'],
  example: String.raw`bcdboot C:\Windows /s S: /f UEFI`,
  translate: (words, _context, name) =>
    name === 'bcdboot'
      ? lines(['repair boot files'])
      : notTranslated(
          `bootrec ${words[0] ?? ''} writes boot sectors. Expected: bcdboot, which scripts know as "repair boot files".`,
        ),
};
