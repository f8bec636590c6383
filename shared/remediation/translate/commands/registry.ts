import { quoteName } from '../../read-path.ts';
import {
  type CommandDefinition,
  lines,
  notNeeded,
  notTranslated,
  type PasteContext,
  type TranslatedCommand,
} from '../command-definition.ts';
import { pathOf } from '../pasted-path.ts';
import { rollbackNote } from '../prose/known-issue.ts';
import { linesOfStart } from './service-control.ts';

const startsByNumber = ['boot', 'system', 'auto', 'demand', 'disabled'];

/** `reg add`, `reg delete`, and `reg load`, after which another name means a hive of the offline Windows. */
export const registryCommand: CommandDefinition = {
  names: ['reg'],
  example: String.raw`reg add HKLM\SYSTEM\CurrentControlSet\Control\CrashControl /v AutoReboot /t REG_DWORD /d 1 /f`,
  translate([verb = '', key = '', ...rest], context) {
    switch (verb.toLowerCase()) {
      case 'load':
        return loadHive(key, pathOf(rest[0] ?? '', context) ?? '', context);
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
  const name = /\\config\\(SYSTEM|SOFTWARE)"?$/i.exec(file)?.[1]?.toUpperCase();
  const below = /^(?:HKLM|HKEY_LOCAL_MACHINE)\\([^\\]+)$/i.exec(key)?.[1];
  if ((name !== 'SYSTEM' && name !== 'SOFTWARE') || below === undefined)
    return notTranslated('Only the hives SYSTEM and SOFTWARE are open to scripts.');
  context.loadedHives.set(below.toUpperCase(), name);
  return notNeeded(`From here on HKLM\\${below} means HKLM\\${name} of the Windows that was found.`);
}

/** The key as scripts write it: the hive by its name, and the control set by what it means. */
export function keyOf(key: string, { loadedHives }: PasteContext): string {
  const [root = '', hive = '', ...parts] = key.split('\\');
  const name = loadedHives.get(hive.toUpperCase()) ?? hive;
  return [/^HKEY_LOCAL_MACHINE$/i.test(root) ? 'HKLM' : root, name, ...parts].join('\\');
}

export interface RegistryOptions {
  readonly name: string | undefined;
  readonly type: string;
  readonly data: string;
  /** What parts the texts of a list. */
  readonly separator: string;
  /** All values of the key, as `/va` says. */
  readonly isAll: boolean;
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
    separator: after('/s') ?? '\\0',
    isAll: words.some(word => word.toLowerCase() === '/va'),
  };
}

export function addValue(key: string, { name, type, data, separator }: RegistryOptions): TranslatedCommand {
  if (name === undefined)
    return notTranslated(
      'It makes an empty key. Scripts make a key together with a value: add /v NAME, and "creating the key" to the line.',
    );
  const service = /\\(?:CurrentControlSet|ControlSet\d+)\\Services\\([^\\]+)$/i.exec(key)?.[1];
  if (service !== undefined && /^start$/i.test(name)) {
    const start = startsByNumber[Number(data)];
    return start === undefined ? notTranslated(`${data} is no start.`) : linesOfStart(service, start);
  }
  if (/^(upper|lower)filters$/i.test(name))
    return notTranslated(
      'Filter lists are never written whole. Expected: add filter entry NAME to upper filters of CLASS, or disable driver NAME, removing filter entries.',
    );
  if (overrides.test(key) && /^\d{1,10}$/.test(name) && Number(data) === 0)
    return lines([`roll back known issue ${name}`], rollbackNote);
  const content = contentOf(type, data, separator);
  return 'code' in content
    ? notTranslated(content.reason)
    : lines([`set registry ${quoteName(key)} value ${quoteName(name)} to ${content.words}`], ...noteOf(key));
}

type Content = { readonly words: string } | { readonly code: 'not-translated'; readonly reason: string };

/** What `/t TYPE /d DATA` says, in the words of scripts. */
function contentOf(type: string, data: string, separator: string): Content {
  const quoted = (text: string) => `"${text.replaceAll('"', '')}"`;
  const not = (reason: string): Content => ({ code: 'not-translated', reason });
  const isNumber = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(data);
  switch (type) {
    case 'REG_DWORD':
    case 'REG_QWORD':
      return isNumber
        ? { words: `${type === 'REG_DWORD' ? 'number' : '64-bit number'} ${data.toLowerCase()}` }
        : not(`${data} is not the number of a ${type}.`);
    case 'REG_SZ':
      return { words: `text ${quoted(data)}` };
    case 'REG_EXPAND_SZ':
      return { words: `expandable text ${quoted(data)}` };
    case 'REG_MULTI_SZ': {
      const texts = data.split(separator).filter(text => text !== '');
      return texts.length > 0
        ? { words: `texts ${texts.map(quoted).join(', ')}` }
        : not('A list without a text is not set by scripts.');
    }
    case 'REG_BINARY':
      return /^(?:[0-9a-f]{2})+$/i.test(data)
        ? { words: `binary ${data.toLowerCase()}` }
        : not(`${data} is not the bytes of a REG_BINARY.`);
    default:
      return not(`Values of type ${type} are not set by scripts.`);
  }
}

export function deleteValue(key: string, { name, isAll }: RegistryOptions): TranslatedCommand {
  if (name === undefined)
    return isAll
      ? notTranslated('It deletes all values of a key. Scripts remove single values: add /v NAME.')
      : lines([`remove registry key ${quoteName(key)}`], ...noteOf(key), limitNote);
  return lines([`remove registry ${quoteName(key)} value ${quoteName(name)}`], ...noteOf(key));
}

/** Where the policies of Known Issue Rollbacks stand; 0 rolls back. */
const overrides = /\\Policies\\Microsoft\\FeatureManagement\\Overrides$/i;

const noteOf = (key: string): readonly string[] =>
  /\\ControlSet\d/i.test(key)
    ? ['A numbered control set is written as CurrentControlSet: the set that Windows starts with.']
    : [];
const limitNote = 'With the key goes everything below it; more than 64 keys need "at most N keys".';
