import { hiveNames } from '../offline-registry.ts';
import { changeOfHive } from '../swap-hive.ts';
import { refuse } from '../resolve-files.ts';
import type { HiveChange } from '../plan.ts';
import type { ReplayHivesAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

export const replayHives: ActionDefinition<ReplayHivesAction> = {
  verb: 'replay hives',
  form: 'replay hives',
  example: 'replay hives',
  class: 'reversible',
  meaning:
    'writes what waits in the logs of SYSTEM and SOFTWARE into them, so that Windows loads whole hives',
  clauses: [],
  undo: 'the hives return from quarantine with the logs they had, byte for byte, as long as Windows has not used the new ones',
  verify: 'both hives are whole without their logs',
  traps: [
    'A hive that is whole already is left alone. One whose logs do not fit refuses the plan: what is missing cannot be made up; see `restore hive`.',
    'Lines that edit the registry replay the logs of the hive they edit anyway.',
    'Only SYSTEM and SOFTWARE, without which Windows does not start. Others are replayed by Windows itself.',
  ],
  source:
    'Microsoft: azure-support-scripts load and unload the hives for their replay; the replay follows "Windows registry file format" by M. Suhanov, and its result equals that of Windows 10 in our samples',
  windows: 'Windows 7 and later',
  changes: 'windows',
  read: () => ({ verb: 'replay hives' }),
  print: () => 'replay hives',
  explain: () =>
    'Writes what waits in the logs of the hives SYSTEM and SOFTWARE into them, so that they are whole.',
  plan(_action, { volume, registry }) {
    const changes: HiveChange[] = [];
    for (const name of hiveNames) {
      const opened = registry.open(name);
      if (!opened.ok) return refuse('registry-not-editable', opened.reason);
      if (opened.recovered.state === 'clean') continue;
      const { replayed } = opened.recovered;
      const entries = replayed.reduce((sum, log) => sum + log.entries, 0);
      const logs = replayed.map(({ log }) => log).join(' and ');
      changes.push(
        changeOfHive(
          volume,
          name,
          `${name}: ${entries} ${entries === 1 ? 'entry' : 'entries'} of ${logs} replayed`,
        ),
      );
    }
    return changes;
  },
  prove(_action, { registry }) {
    for (const name of hiveNames) {
      const opened = registry.open(name);
      if (!opened.ok) return { verdict: 'failed', reason: opened.reason };
      if (opened.recovered.state !== 'clean')
        return { verdict: 'failed', reason: `The hive ${name} still needs its logs.` };
    }
    return { verdict: 'held', reason: 'The hives SYSTEM and SOFTWARE are whole.' };
  },
};
