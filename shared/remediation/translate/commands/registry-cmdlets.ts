import type { CommandDefinition } from '../command-definition.ts';
import { notTranslated } from '../command-definition.ts';
import { addValue, deleteValue, keyOf } from './registry.ts';

const types: Readonly<Record<string, string>> = {
  dword: 'REG_DWORD',
  qword: 'REG_QWORD',
  string: 'REG_SZ',
  expandstring: 'REG_EXPAND_SZ',
  multistring: 'REG_MULTI_SZ',
  binary: 'REG_BINARY',
};

/** What PowerShell writes and removes in the registry: one value, or a key. */
export const registryCmdletCommand: CommandDefinition = {
  names: ['set-itemproperty', 'new-itemproperty', 'sp', 'remove-itemproperty', 'rp'],
  example: String.raw`Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\CrashControl -Name AutoReboot -Value 1 -Type DWord`,
  translate(words, context, command) {
    const after = (option: RegExp) => {
      const at = words.findIndex(word => option.test(word));
      return at < 0 ? undefined : words[at + 1];
    };
    const path = after(/^-(?:literal)?path$/i) ?? words[0] ?? '';
    const name = after(/^-name$/i);
    const key = /^(?:registry::)?(?:hklm:|hkey_local_machine)\\(.+)$/i.exec(path)?.[1];
    if (key === undefined || name === undefined)
      return notTranslated(`Expected: ${command} -Path HKLM:\\… -Name NAME.`);
    const whole = keyOf(`HKLM\\${key}`, context);
    const written = { name, separator: ',', isAll: false };
    if (command.startsWith('r')) return deleteValue(whole, { ...written, type: '', data: '' });
    const data = after(/^-value$/i) ?? '';
    // Without a type PowerShell takes that of the value that stands there; a number is one of 32 bits.
    const said = after(/^-(?:property)?type$/i)?.toLowerCase() ?? (/^\d+$/.test(data) ? 'dword' : 'string');
    return addValue(whole, { ...written, type: types[said] ?? said, data });
  },
};
