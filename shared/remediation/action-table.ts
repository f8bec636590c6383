import type { ActionDefinition } from './actions/action-definition.ts';
import { addFilterEntry } from './actions/add-filter-entry.ts';
import { addRegistryEntry } from './actions/add-registry-entry.ts';
import { deleteFiles } from './actions/delete.ts';
import { clearBootOption, setBootOption } from './actions/boot-option.ts';
import { collectEvidence } from './actions/collect.ts';
import { copyFile } from './actions/copy.ts';
import { disableService } from './actions/disable.ts';
import { enableService } from './actions/enable.ts';
import { showMessage } from './actions/message.ts';
import { removeDriverPackage } from './actions/remove-driver-package.ts';
import { removePackage } from './actions/remove-package.ts';
import { removeUpdate } from './actions/remove-update.ts';
import { removeFilterEntry } from './actions/remove-filter-entry.ts';
import { removeRegistryKey } from './actions/remove-registry-key.ts';
import { removeRegistryEntry } from './actions/remove-registry-entry.ts';
import { removeRegistry } from './actions/remove-registry.ts';
import { renameFile } from './actions/rename.ts';
import { repairBootFiles, repairFileSystem, repairSystemFiles } from './actions/repair.ts';
import { clearTransactionLogs } from './actions/clear-transaction-logs.ts';
import { replayHives } from './actions/replay-hives.ts';
import { restoreFile } from './actions/restore.ts';
import { restoreHive } from './actions/restore-hive.ts';
import { revertPending } from './actions/revert-pending.ts';
import { rollBackKnownIssue } from './actions/roll-back-known-issue.ts';
import { runProgram } from './actions/run.ts';
import { setRegistry } from './actions/set-registry.ts';
import type { Action } from './syntax-tree.ts';

type OfVerb<Verb extends Action['verb']> = Extract<Action, { verb: Verb }>;

/** Every verb there is. Parser, planner, documentation and tests read this table. */
export const actionTable: { readonly [Verb in Action['verb']]: ActionDefinition<OfVerb<Verb>> } = {
  delete: deleteFiles,
  rename: renameFile,
  copy: copyFile,
  restore: restoreFile,
  disable: disableService,
  enable: enableService,
  'set registry': setRegistry,
  'remove registry': removeRegistry,
  'remove registry key': removeRegistryKey,
  'add registry entry': addRegistryEntry,
  'remove registry entry': removeRegistryEntry,
  'remove filter entry': removeFilterEntry,
  'add filter entry': addFilterEntry,
  'roll back known issue': rollBackKnownIssue,
  'restore hive': restoreHive,
  'replay hives': replayHives,
  'clear transaction logs': clearTransactionLogs,
  'set boot option': setBootOption,
  'clear boot option': clearBootOption,
  'repair system files': repairSystemFiles,
  'repair file system': repairFileSystem,
  'repair boot files': repairBootFiles,
  'remove package': removePackage,
  'remove update': removeUpdate,
  'remove driver package': removeDriverPackage,
  'revert pending updates': revertPending,
  run: runProgram,
  collect: collectEvidence,
  message: showMessage,
};

type AnyDefinition = ActionDefinition<Action>;

/** All definitions, in the order of the documentation. */
export const actionDefinitions: readonly AnyDefinition[] = Object.values(
  actionTable,
) as unknown as AnyDefinition[];

// The table holds for each verb the definition of that verb; the compiler cannot follow that through a lookup.
export const definitionOfAction = (action: Action): AnyDefinition =>
  actionTable[action.verb] as unknown as AnyDefinition;
