import { checkHive } from '../../registry/check-hive.ts';
import { findHiveKind } from '../../registry/hive-kind.ts';
import { hiveNames, openHiveFile, pathOfHive } from '../offline-registry.ts';
import { refuse } from '../resolve-files.ts';
import { backupOfHive, changeOfHive, isMadeFrom } from '../swap-hive.ts';
import type { RestoreHiveAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

const dayMs = 86_400_000;
/** Windows made the backup every ten days; what is much older misses drivers and services that came since. */
const oldestDays = 30;

export const restoreHive: ActionDefinition<RestoreHiveAction> = {
  verb: 'restore hive',
  form: 'restore hive (SYSTEM|SOFTWARE) from RegBack',
  example: 'restore hive SYSTEM from RegBack',
  class: 'reversible',
  meaning: 'puts the backup that Windows made of a hive in its place',
  clauses: [],
  undo: 'the hive returns from quarantine with the logs it had, byte for byte, as long as Windows has not used the backup',
  verify: 'the hive holds what its backup holds, and is whole',
  traps: [
    'Since Windows 10 1803 the files of RegBack are empty unless EnablePeriodicBackup is set: then the plan is refused (`backup-not-usable`), as it is when a backup is damaged, newer than the hive, or more than 30 days older.',
    'What was installed or set since the backup is forgotten, and the hives no longer know of the same moment.',
    'A script that restores a hive does not edit it too.',
  ],
  source:
    'Microsoft: the system registry is no longer backed up to the RegBack folder starting in Windows 10 version 1803; restoring hives from RegBack by copy',
  windows: 'Windows 7 and later; from Windows 10 1803 on only where EnablePeriodicBackup is set',
  changes: 'windows',
  read(cursor) {
    const hive = cursor.expectOneOf(hiveNames);
    if (hive === undefined || !cursor.expect('from') || !cursor.expect('RegBack')) return undefined;
    return { verb: 'restore hive', hive };
  },
  print: ({ hive }) => `restore hive ${hive} from RegBack`,
  explain: ({ hive }) => `Puts the backup of the hive ${hive} from RegBack in its place.`,
  plan({ hive }, { volume }) {
    const unusable = (reason: string) => refuse('backup-not-usable', reason);
    const path = backupOfHive(volume, hive);
    const [there, backup] = [volume.find(pathOfHive(volume, hive)), volume.find(path)];
    if (there?.kind !== 'file')
      return refuse('not-a-file', `There is no hive ${hive} that it could replace.`);
    if (backup?.kind !== 'file') return unusable(`There is no backup ${path}.`);
    if (backup.sizeBytes === 0)
      return unusable(`${path} is empty: since Windows 10 1803 Windows makes no backup by itself.`);
    const ageDays = (there.writtenAtMs - backup.writtenAtMs) / dayMs;
    if (ageDays < 0) return unusable(`${path} is newer than the hive it is a backup of.`);
    if (ageDays > oldestDays)
      return unusable(
        `${path} is ${Math.floor(ageDays)} days older than the hive; at most ${oldestDays} are taken.`,
      );
    const opened = openHiveFile(volume, hive, path);
    if (!opened.ok) return unusable(`The backup cannot be used: ${opened.reason}`);
    const { recovered } = opened;
    if (recovered.state !== 'clean') return unusable(`${path} was not written to its end.`);
    const [problem] = checkHive(recovered.hive).problems;
    if (problem) return unusable(`${path} is damaged: ${problem.message}.`);
    if (findHiveKind(recovered.hive) !== hive.toLowerCase()) return unusable(`${path} is no hive ${hive}.`);
    return [{ ...changeOfHive(volume, hive, `${hive}: from ${path}`), fromPath: path }];
  },
  prove({ hive }, { volume, registry, changes }) {
    const opened = registry.open(hive);
    if (!opened.ok) return { verdict: 'failed', reason: opened.reason };
    if (opened.recovered.state !== 'clean')
      return { verdict: 'failed', reason: `The hive ${hive} still needs its logs.` };
    const isIt = changes.length === 0 || isMadeFrom(volume, hive, backupOfHive(volume, hive));
    return isIt
      ? { verdict: 'held', reason: `The hive ${hive} is whole and what its backup was.` }
      : { verdict: 'failed', reason: `The hive ${hive} is not what its backup was.` };
  },
};
