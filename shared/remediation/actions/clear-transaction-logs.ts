import { readOsVersion } from '../../registry/os-version.ts';
import { refuse } from '../resolve-files.ts';
import type { ClearTransactionLogsAction } from '../syntax-tree.ts';
import { listTransactionLogs } from '../transaction-logs.ts';
import type { ActionDefinition } from './action-definition.ts';

/** Since this build the logs of registry transactions never replay at start. */
const firstWithoutReplay = 14_393;

export const clearTransactionLogs: ActionDefinition<ClearTransactionLogsAction> = {
  verb: 'clear transaction logs',
  form: 'clear transaction logs',
  example: 'clear transaction logs',
  class: 'reversible',
  meaning:
    'takes the logs of registry transactions (TxR), in System32\\config\\TxR and beside the hives, into quarantine',
  clauses: [],
  undo: 'the logs return from quarantine under their names, byte for byte',
  verify: 'no log of a registry transaction is left there',
  traps: [
    'They are not the LOG1 and LOG2 of a hive, which hold its newest changes: those are replayed, never moved.',
    'Before build 14393 Windows may still replay them, and the plan is refused.',
    'Windows makes them anew at its next start. An undo behind that start finds their places taken only where it gave them the same names.',
  ],
  source:
    'Microsoft: azure-support-scripts, which delete them beside the replay of hives on build 14393 and later, where they never replay',
  windows: 'Windows 10 1607 and later',
  changes: 'windows',
  read: () => ({ verb: 'clear transaction logs' }),
  print: () => 'clear transaction logs',
  explain: () => 'Takes the logs of registry transactions into quarantine; Windows makes them anew.',
  plan(_action, { volume, registry }) {
    const logs = listTransactionLogs(volume);
    if ('code' in logs) return logs;
    if (logs.length === 0) return [];
    const software = registry.open('SOFTWARE');
    const build = software.ok ? readOsVersion(software.recovered.hive).build : null;
    if (build === null) return refuse('registry-unknown', 'Which build this Windows is cannot be told.');
    if (build < firstWithoutReplay)
      return refuse('windows-too-old', `Build ${build} may still replay these logs at its start.`);
    return logs.map(log => ({ kind: 'delete', ...log }));
  },
  prove(_action, { volume }) {
    const logs = listTransactionLogs(volume);
    if ('code' in logs) return { verdict: 'unknown', reason: logs.reason };
    const [first] = logs;
    return first
      ? { verdict: 'failed', reason: `${first.path} is there.` }
      : { verdict: 'held', reason: 'No transaction log is left beside the hives.' };
  },
};
