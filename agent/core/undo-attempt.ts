import { type Host, HostError } from '../host/host.ts';
import { undoCopy } from './file-copy.ts';
import type { FoundWindows } from './found-windows.ts';
import { undoHiveSwap } from './hive-swap.ts';
import { appendRecord, type Intent, type Journal } from './journal.ts';
import { isReplayable, quarantineOf } from './replay-places.ts';
import { joinPath } from './windows-path.ts';

/** Why a change could not be taken back. The file is where it was: nothing is overwritten, nothing removed. */
export type StuckCode =
  | 'place-not-allowed'
  | 'place-taken'
  | 'file-missing'
  | 'not-the-same-file'
  | 'hive-used-since'
  | 'copy-used-since'
  | 'copy-check-failed'
  | 'hive-not-editable'
  | 'hive-check-failed'
  | 'unknown-in-quarantine'
  | 'no-way-back'
  | 'undo-failed';

export type UndoResult =
  | { readonly ok: true; readonly restored: readonly Intent[] }
  | { readonly ok: false; readonly code: StuckCode; readonly message: string };

/**
 * Takes back every change of an attempt, newest first, byte for byte: interrupted or finished, on whatever letter the
 * volume has now. It looks at what is there, so a power cut at any moment and a repeat are harmless. The journal is
 * not trusted: nothing leaves the attempt's quarantine or its own folder, and no protected place is touched.
 */
export function undoAttempt(host: Host, windows: FoundWindows, journal: Journal): UndoResult {
  try {
    return undo(host, windows, journal);
  } catch (error) {
    if (error instanceof HostError) return stuck('undo-failed', error.message);
    throw error;
  }
}

/** Takes an attempt back and closes its journal, so that it is not taken back again. */
export function undoAndClose(host: Host, windows: FoundWindows, journal: Journal): UndoResult {
  const result = undoAttempt(host, windows, journal);
  if (!result.ok) return result;
  try {
    appendRecord(host, journal, { kind: 'undone' });
    const quarantine = quarantineOf(windows.root, journal.attemptId);
    if (host.files.find(quarantine)) host.files.remove(quarantine);
    host.files.flush(windows.root);
  } catch (error) {
    // A full disk takes no record. Every file is back in its place, and taking back once more changes nothing.
    if (!(error instanceof HostError)) throw error;
  }
  return result;
}

const stuck = (code: StuckCode, message: string): UndoResult => ({ ok: false, code, message });

function undo(host: Host, windows: FoundWindows, journal: Journal): UndoResult {
  const { files } = host;
  const restored: Intent[] = [];
  if (journal.hasNoReturn && journal.tools.some(one => one.class === 'one-way'))
    return stuck(
      'no-way-back',
      'A step without a way back was begun; taking back the rest would leave a mixture',
    );
  for (const intent of journal.intents)
    if (!isReplayable(windows, journal.attemptId, intent))
      return stuck('place-not-allowed', `The journal names a place that no attempt changes: ${intent.from}`);

  for (const intent of journal.intents.toReversed()) {
    if (intent.action === 'edit-hive') {
      const swapped = undoHiveSwap(host, windows, { ...intent, action: intent.action });
      if ('code' in swapped) return stuck(swapped.code, swapped.message);
      if (swapped.restored) restored.push(intent);
      continue;
    }
    if (intent.action === 'copy') {
      const { copy, action } = intent;
      const undone = copy
        ? undoCopy(host, windows, { ...intent, action, copy })
        : ({
            code: 'file-missing',
            message: `The journal does not say what was copied to ${intent.from}`,
          } as const);
      if ('code' in undone) return stuck(undone.code, undone.message);
      if (undone.restored) restored.push(intent);
      continue;
    }
    const [original, moved] = [
      joinPath(windows.root, intent.from.slice(1)),
      joinPath(windows.root, intent.to.slice(1)),
    ];
    const [there, away] = [files.find(original), files.find(moved)];
    const isSame = (entry: typeof there) =>
      entry?.kind === 'file' &&
      entry.sizeBytes === intent.sizeBytes &&
      entry.writtenAtMs === intent.writtenAtMs;
    if (!away) {
      if (!there) return stuck('file-missing', `${intent.from} is neither in its place nor in quarantine`);
      continue;
    }
    if (!isSame(away)) return stuck('not-the-same-file', `${intent.to} is not the file that was moved`);
    if (there)
      return stuck('place-taken', `${intent.from} is there again; the earlier file stays in quarantine`);
    files.rename(moved, original);
    restored.push(intent);
  }
  files.flush(windows.root);

  const left = files.list(quarantineOf(windows.root, journal.attemptId)) ?? [];
  if (left.length > 0)
    return stuck('unknown-in-quarantine', `${left[0]?.name ?? ''} lies in quarantine and no record says why`);
  return { ok: true, restored };
}
