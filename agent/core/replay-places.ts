import { findLaunchPlace, isPlainPath, isProtected } from '../../shared/remediation/protected-places.ts';
import type { HiveName } from '../../shared/remediation/offline-registry.ts';
import { isEditAllowed } from '../../shared/remediation/registry-edits.ts';
import { backupOfHive } from '../../shared/remediation/swap-hive.ts';
import { isTransactionLog } from '../../shared/remediation/transaction-logs.ts';
import type { FoundWindows } from './found-windows.ts';
import { hiveAt } from './hive-swap.ts';
import { hiveEditsOf, type Intent } from './journal.ts';
import { stateFolderOn } from './state-folder.ts';
import { isBelow, isSamePath, joinPath, nameOfPath, parentPath, withoutDrive } from './windows-path.ts';

/** Quarantine of an attempt; inside lie files named by the number of the change. */
export const quarantineOf = (root: string, attemptId: string): string =>
  joinPath(stateFolderOn(root).quarantines, attemptId);

/** Where the file of a change goes: a path without drive letter. */
export const quarantinePathOf = (root: string, attemptId: string, number: number): string =>
  withoutDrive(joinPath(quarantineOf(root, attemptId), String(number)));

/** The hibernation image on the volume. */
export const hibernationImageOn = (root: string): string => joinPath(root, 'hiberfil.sys');

/**
 * Whether a recorded change is one that an attempt could have made. A journal lies on a disk that others can write, so
 * its replay obeys what a plan obeys: delete and set-aside lead into this attempt's quarantine, a rename stays in its
 * folder, no protected place is touched. A hive is swapped back only for edits that a script could have led to.
 */
export function isReplayable(windows: FoundWindows, attemptId: string, intent: Intent): boolean {
  const from = joinPath(windows.root, intent.from.slice(1));
  const own = stateFolderOn(windows.root).path;
  if (hasOddPart(intent.from) || hasOddPart(intent.to) || isBelow(from, own)) return false;
  const inQuarantine = isSamePath(intent.to, quarantinePathOf(windows.root, attemptId, intent.number));
  switch (intent.action) {
    case 'set-aside':
      return inQuarantine && isSamePath(from, hibernationImageOn(windows.root));
    case 'delete':
      return inQuarantine && (!isProtected(windows, from) || isTransactionLog(windows, from));
    case 'copy':
      // A copy is taken away while its source holds the same bytes: under another spelling that would be the copy itself.
      return (
        inQuarantine &&
        !isProtected(windows, from) &&
        findLaunchPlace(windows, from) === undefined &&
        isPlainSource(windows, intent)
      );
    case 'edit-hive': {
      const hive = hiveAt(windows, from);
      const edits = hiveEditsOf(intent);
      return (
        inQuarantine &&
        hive !== undefined &&
        edits !== undefined &&
        edits.every(edit => isEditAllowed(hive, edit)) &&
        isSourceOf(windows, hive, intent)
      );
    }
    case 'rename': {
      const to = joinPath(windows.root, intent.to.slice(1));
      const staysInFolder = isSamePath(parentPath(from), parentPath(to)) && nameOfPath(to) !== '';
      // Both names are put there: one by the attempt, the other by its undo.
      return (
        staysInFolder &&
        [from, to].every(path => !isProtected(windows, path) && findLaunchPlace(windows, path) === undefined)
      );
    }
    default:
      return intent.action satisfies never;
  }
}

/** A hive is made from itself, or from its backup. */
const isSourceOf = (windows: FoundWindows, hive: HiveName, { swap }: Intent) =>
  !swap?.source || isSamePath(joinPath(windows.root, swap.source.path.slice(1)), backupOfHive(windows, hive));

const isPlainSource = (windows: FoundWindows, { copy }: Intent) =>
  copy === undefined ||
  (!hasOddPart(copy.source) && isPlainPath(windows, joinPath(windows.root, copy.source.slice(1))));

const hasOddPart = (path: string) =>
  path
    .slice(1)
    .split('\\')
    .some(part => part === '' || /^\.+$/.test(part) || /[<>:"/|?*]|[. ]$/.test(part));
