import { changeByTool } from '../tool-change.ts';
import type { Cursor } from '../cursor.ts';
import type { BootOption, ClearBootOptionAction, SetBootOptionAction } from '../syntax-tree.ts';
import { clearBootOptionRun, setBootOptionRun } from '../tools/tool-run.ts';
import type { ActionDefinition } from './action-definition.ts';

/** What BCDEdit calls each option, and its value. Source: Microsoft, BCDEdit /set. */
const elements: Readonly<Record<BootOption, readonly [element: string, value: string]>> = {
  'safe mode': ['safeboot', 'minimal'],
  'safe mode with network': ['safeboot', 'network'],
  'boot log': ['bootlog', 'yes'],
};
const meanings: Readonly<Record<BootOption, string>> = {
  'safe mode': 'Starts Windows in safe mode until that is cleared.',
  'safe mode with network': 'Starts Windows in safe mode with network until that is cleared.',
  'boot log': 'Lets Windows write a boot log at each start until that is cleared.',
};

const traps = [
  'In WinRE the store of the boot loader is in use, so BCDEdit changes it and not we.',
  'Safe mode stays until it is cleared: a script that goes there is followed by one that comes back.',
  'A changed boot option can make BitLocker ask for the recovery key at the next start.',
];

export const setBootOption: ActionDefinition<SetBootOptionAction> = {
  verb: 'set boot option',
  form: 'set boot option (safe mode [with network]|boot log)',
  example: 'set boot option safe mode with network',
  class: 'repeatable',
  meaning: 'starts Windows in safe mode, or with a boot log, from the next start on',
  clauses: [],
  undo: '`clear boot option` takes it back',
  verify: 'the boot store, exported and read again, says so',
  traps,
  source: 'Microsoft: BCDEdit /set; CrowdStrike and Microsoft used the detour over safe mode in July 2024',
  windows: 'Windows 7 and later',
  isProvenByTool: true,
  changes: 'windows',
  read(cursor) {
    const option = readOption(cursor);
    if (option === 'safe mode' && cursor.take('with'))
      return cursor.expect('network')
        ? { verb: 'set boot option', option: 'safe mode with network' }
        : undefined;
    return option && { verb: 'set boot option', option };
  },
  print: ({ option }) => `set boot option ${option}`,
  explain: ({ option }) => meanings[option],
  plan: ({ option }, { volume }) => [
    changeByTool(volume, {
      class: 'repeatable',
      proof: 'tool',
      run: setBootOptionRun(...elements[option]),
      what: `boot option ${option}: set`,
    }),
  ],
  prove: ({ option }) => ({ verdict: 'held', reason: `BCDEdit set the boot option ${option}.` }),
};

export const clearBootOption: ActionDefinition<ClearBootOptionAction> = {
  verb: 'clear boot option',
  form: 'clear boot option (safe mode|boot log)',
  example: 'clear boot option safe mode',
  class: 'repeatable',
  meaning: 'starts Windows without safe mode, or without a boot log, again',
  clauses: [],
  undo: '`set boot option` puts it back',
  verify: 'the boot store, exported and read again, says so',
  traps,
  source: 'Microsoft: BCDEdit /deletevalue',
  windows: 'Windows 7 and later',
  isProvenByTool: true,
  changes: 'windows',
  read(cursor) {
    const option = readOption(cursor);
    return option && { verb: 'clear boot option', option };
  },
  print: ({ option }) => `clear boot option ${option}`,
  explain: ({ option }) =>
    option === 'safe mode'
      ? 'Starts Windows normally again, no longer in safe mode.'
      : 'Lets Windows write no boot log any more.',
  plan: ({ option }, { volume }) => [
    changeByTool(volume, {
      class: 'repeatable',
      proof: 'tool',
      run: clearBootOptionRun(elements[option][0]),
      what: `boot option ${option}: cleared`,
    }),
  ],
  prove: ({ option }) => ({ verdict: 'held', reason: `BCDEdit cleared the boot option ${option}.` }),
};

function readOption(cursor: Cursor): 'safe mode' | 'boot log' | undefined {
  const first = cursor.expectOneOf(['safe', 'boot']);
  if (first === 'safe') return cursor.expect('mode') ? 'safe mode' : undefined;
  return first && cursor.expect('log') ? 'boot log' : undefined;
}
