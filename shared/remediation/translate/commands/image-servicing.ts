import { quoteName } from '../../read-path.ts';
import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';

/** What an author should know of a step that only DISM can take. */
export const noWayBack = 'It cannot be undone, is never automatic, and stands alone at the end of a script.';

/** `wusa /uninstall /kb:…`, which itself works only in a running Windows. */
export const updateInstallerCommand: CommandDefinition = {
  names: ['wusa'],
  example: 'wusa /uninstall /kb:5021233 /quiet /norestart',
  translate(words) {
    const update = /\/kb:\s*(?:KB)?(\d{6,8})/i.exec(words.join(' '))?.[1];
    return update === undefined || !words.some(word => /^\/uninstall$/i.test(word))
      ? notTranslated('Updates are not installed by scripts. Expected: wusa /uninstall /kb:NUMBER.')
      : lines([`remove update KB${update}, accepting no undo`], noWayBack);
  },
};

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
    if (has('/revertpendingactions')) return lines(['revert pending updates, accepting no undo'], noWayBack);
    if (has('/remove-package')) {
      const name = after('/packagename');
      return name === undefined
        ? notTranslated('Expected: /PackageName: with the identity that dism /Get-Packages shows.')
        : lines([`remove package ${quoteName(name)}, accepting no undo`], noWayBack);
    }
    if (has('/remove-driver')) {
      const driver = after('/driver');
      return driver === undefined
        ? notTranslated('Expected: /Driver: with the published name, as oem12.inf.')
        : lines([`remove driver package ${quoteName(driver)}, accepting no undo`], noWayBack);
    }
    if (has('/restorehealth')) return lines(['repair system files']);
    if (options.some(word => /^\/(get-|checkhealth|scanhealth)/.test(word)))
      return notNeeded('It only looks; what is installed and pending is among the facts of a machine.');
    return notTranslated(
      'Expected: /Remove-Package, /Remove-Driver, /Cleanup-Image /RevertPendingActions or /RestoreHealth.',
    );
  },
};
