import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';

/** `bcdedit /set {default} safeboot …` and back. */
export const bootConfigurationCommand: CommandDefinition = {
  names: ['bcdedit'],
  example: 'bcdedit /set {default} safeboot minimal',
  translate(words) {
    const [verb = '', ...rest] = words.map(word => word.toLowerCase()).filter(word => word !== '/store');
    const named = rest.filter(word => !word.startsWith('{') && !word.includes('\\'));
    if (verb === '/enum' || verb === '/v' || verb === '/export' || verb === '')
      return notNeeded('It only looks; the boot configuration is saved before a script changes it.');
    if (verb === '/deletevalue' && named[0] === 'safeboot') return lines(['clear boot option safe mode']);
    if (verb === '/set' && named[0] === 'safeboot') {
      const mode = named[1] === 'network' ? ' with network' : '';
      return lines(
        [`set boot option safe mode${mode}`],
        'Safe mode stays until a later script or a person clears it: say so in "tell".',
      );
    }
    if (verb === '/deletevalue' && named[0] === 'bootlog') return lines(['clear boot option boot log']);
    if (verb === '/set' && named[0] === 'bootlog')
      return lines([
        /^(?:no|off|false|0)$/.test(named[1] ?? '')
          ? 'clear boot option boot log'
          : 'set boot option boot log',
      ]);
    return notTranslated(
      'Only safe mode and the boot log are set and cleared. Expected: /set {default} safeboot minimal or network, or /deletevalue {default} safeboot.',
    );
  },
};
