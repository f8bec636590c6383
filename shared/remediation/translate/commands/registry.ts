import { quoteName } from '../../read-path.ts';
import {
  type CommandDefinition,
  lines,
  notNeeded,
  notTranslated,
  type PasteContext,
  type TranslatedCommand,
} from '../command-definition.ts';
import { linesOfStart } from './service-control.ts';

const startsByNumber = ['boot', 'system', 'auto', 'demand', 'disabled'];

/** `reg add`, `reg delete`, and `reg load`, after which another name means a hive of the offline Windows. */
export const registryCommand: CommandDefinition = {
  names: ['reg'],
  example: String.raw`reg add HKLM\SYSTEM\CurrentControlSet\Control\CrashControl /v AutoReboot /t REG_DWORD /d 1 /f`,
  translate([verb = '', key = '', ...rest], context) {
    switch (verb.toLowerCase()) {
      case 'load':
        return loadHive(key, rest[0] ?? '', context);
      case 'add':
        return addValue(keyOf(key, context), optionsOf(rest));
      case 'delete':
        return deleteValue(keyOf(key, context), optionsOf(rest));
      case 'unload':
      case 'query':
      case 'save':
      case 'export':
      case 'flush':
        return notNeeded('Hives are opened, saved and put back by the agent itself.');
      default:
        return notTranslated('Expected: reg add or reg delete with one value.');
    }
  },
};

function loadHive(key: string, file: string, context: PasteContext): TranslatedCommand {
  const name = /\\config\\(SYSTEM|SOFTWARE)$/i.exec(file)?.[1]?.toUpperCase();
  const below = /^(?:HKLM|HKEY_LOCAL_MACHINE)\\([^\\]+)$/i.exec(key)?.[1];
  if ((name !== 'SYSTEM' && name !== 'SOFTWARE') || below === undefined)
    return notTranslated('Only the hives SYSTEM and SOFTWARE are open to scripts.');
  context.loadedHives.set(below.toUpperCase(), name);
  return notNeeded(`From here on HKLM\\${below} means HKLM\\${name} of the Windows that was found.`);
}

/** The key as scripts write it: the hive by its name, and the control set by what it means. */
function keyOf(key: string, { loadedHives }: PasteContext): string {
  const [root = '', hive = '', ...parts] = key.split('\\');
  const name = loadedHives.get(hive.toUpperCase()) ?? hive;
  return [/^HKEY_LOCAL_MACHINE$/i.test(root) ? 'HKLM' : root, name, ...parts].join('\\');
}

interface RegistryOptions {
  readonly name: string | undefined;
  readonly type: string;
  readonly data: string;
}

function optionsOf(words: readonly string[]): RegistryOptions {
  const after = (option: string) => {
    const at = words.findIndex(word => word.toLowerCase() === option);
    return at < 0 ? undefined : words[at + 1];
  };
  const isDefault = words.some(word => word.toLowerCase() === '/ve');
  return {
    name: after('/v') ?? (isDefault ? '' : undefined),
    type: (after('/t') ?? 'REG_SZ').toUpperCase(),
    data: after('/d') ?? '',
  };
}

function addValue(key: string, { name, type, data }: RegistryOptions): TranslatedCommand {
  if (name === undefined)
    return notTranslated('It makes a key. Scripts set values of keys that exist: add /v NAME.');
  const service = /\\(?:CurrentControlSet|ControlSet\d+)\\Services\\([^\\]+)$/i.exec(key)?.[1];
  if (service !== undefined && /^start$/i.test(name)) {
    const start = startsByNumber[Number(data)];
    return start === undefined ? notTranslated(`${data} is no start.`) : linesOfStart(service, start);
  }
  if (/^(upper|lower)filters$/i.test(name))
    return notTranslated(
      'Filter lists are never written whole. Expected: disable driver NAME, removing filter entries.',
    );
  const place = `${quoteName(key)} value ${quoteName(name)}`;
  if (type === 'REG_DWORD') {
    const number = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(data) ? data.toLowerCase() : undefined;
    if (number === undefined) return notTranslated(`${data} is not the number of a REG_DWORD.`);
    return lines([`set registry ${place} to number ${number}`], note);
  }
  if (type === 'REG_SZ' || type === 'REG_EXPAND_SZ')
    return lines([`set registry ${place} to text "${data.replaceAll('"', '')}"`], note);
  return notTranslated(
    `Values of type ${type} are not set by scripts: REG_DWORD, REG_SZ and REG_EXPAND_SZ are.`,
  );
}

function deleteValue(key: string, { name }: RegistryOptions): TranslatedCommand {
  if (name === undefined)
    return notTranslated('It deletes a whole key. Scripts remove single values: add /v NAME.');
  return lines([`remove registry ${quoteName(key)} value ${quoteName(name)}`], note);
}

const note = 'A numbered control set is written as CurrentControlSet: the set that Windows starts with.';
