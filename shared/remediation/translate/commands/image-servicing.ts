import { quoteName } from '../../read-path.ts';
import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';

const way = 'It cannot be undone, is never automatic, and stands alone at the end of a script.';

/** `dism /Image:…`: what it can do to a Windows that does not start. */
export const imageServicingCommand: CommandDefinition = {
  names: ['dism'],
  example: String.raw`dism /Image:C:\ /Remove-Package /PackageName:Package_for_KB5021233~31bf3856ad364e35~amd64~~22621.963.1.6`,
  translate(words) {
    const options = words.map(word => word.toLowerCase());
    const has = (option: string) => options.includes(option);
    const after = (option: string) => {
      const at = options.findIndex(word => word.startsWith(`${option}:`) || word === option);
      if (at < 0) return undefined;
      return words[at]!.includes(':') ? words[at]!.slice(option.length + 1) : words[at + 1];
    };
    if (has('/online'))
      return notTranslated('/Online means the recovery environment itself here. Expected: /Image:…');
    if (has('/revertpendingactions')) return lines(['revert pending updates, accepting no undo'], way);
    if (has('/remove-package')) {
      const name = after('/packagename');
      return name === undefined
        ? notTranslated('Expected: /PackageName: with the identity that dism /Get-Packages shows.')
        : lines([`remove package ${quoteName(name)}, accepting no undo`], way);
    }
    if (has('/remove-driver')) {
      const driver = after('/driver');
      return driver === undefined
        ? notTranslated('Expected: /Driver: with the published name, as oem12.inf.')
        : lines([`remove driver package ${quoteName(driver)}, accepting no undo`], way);
    }
    if (has('/restorehealth')) return lines(['repair system files']);
    if (options.some(word => /^\/(get-|checkhealth|scanhealth)/.test(word)))
      return notNeeded('It only looks; what is installed and pending is among the facts of a machine.');
    return notTranslated(
      'Expected: /Remove-Package, /Remove-Driver, /Cleanup-Image /RevertPendingActions or /RestoreHealth.',
    );
  },
};
