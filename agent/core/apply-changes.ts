import type { HiveEdit } from '../../shared/registry/plan-edits.ts';
import { type Host, HostError } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { swapHive } from './hive-swap.ts';
import { appendRecord, beginJournal, type Intent, type Journal, recordedEdits } from './journal.ts';
import { hibernationImageOn, quarantineOf, quarantinePathOf } from './replay-places.ts';
import { undoAndClose } from './undo-attempt.ts';
import { joinPath, withoutDrive } from './windows-path.ts';

/** One change of a plan that stands. */
export type PlannedMove = FileMove | HiveMove;

/** All edits of one hive, made together. */
export interface HiveMove {
  /** Line of the first edit. */
  readonly line: number;
  readonly action: 'edit-hive';
  /** Absolute path of the hive on the found volume. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
  readonly edits: readonly { readonly line: number; readonly what: string; readonly edit: HiveEdit }[];
}

/** One file that moves. */
export interface FileMove {
  readonly line: number;
  readonly action: 'delete' | 'rename' | 'set-aside';
  /** Absolute path on the found volume. */
  readonly path: string;
  /** New absolute path of a rename, in the same folder. */
  readonly toPath?: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
}

/** What names the attempt in its journal. */
export interface AttemptName {
  readonly attemptId: string;
  readonly episode: string;
  readonly scriptSha256: string;
}

export type ApplyResult =
  | { readonly state: 'applied'; readonly intents: readonly Intent[] }
  | {
      readonly state: 'undone' | 'stuck';
      readonly code: string;
      readonly message: string;
      readonly line?: number;
      readonly intents: readonly Intent[];
    };

/** Why a change was not made although the plan stood. */
class ApplyProblem extends Error {
  readonly code: string;
  readonly line: number;
  constructor(code: string, message: string, line: number) {
    super(message);
    this.code = code;
    this.line = line;
  }
}

/**
 * Makes the changes of a plan: each is journaled and durable in the journal before it is made, and every file moves by
 * rename, never by writing, and an edited hive is a new file. `verify` speaks about the end and gives the reason when it is not reached. Whatever fails,
 * everything is taken back.
 */
export function applyChanges(
  host: Host,
  windows: FoundWindows,
  name: AttemptName,
  moves: readonly PlannedMove[],
  verify: () => { readonly code: string; readonly message: string; readonly line: number } | undefined,
): ApplyResult {
  let journal: Journal | undefined;
  try {
    host.files.makeDirectory(quarantineOf(windows.root, name.attemptId));
    journal = beginJournal(host, windows.root, name);
    for (const [index, move] of moves.entries()) {
      const intent = intentOf(windows, name.attemptId, index + 1, move);
      checkUnchanged(host, move);
      journal = appendRecord(host, journal, intent);
      makeChange(host, windows, move, intent);
    }
    host.files.flush(windows.root);
    const problem = verify();
    if (problem) throw new ApplyProblem(problem.code, problem.message, problem.line);
    journal = appendRecord(host, journal, { kind: 'applied' });
    return { state: 'applied', intents: journal.intents };
  } catch (error) {
    const reason = reasonOf(error);
    if (!journal) return { state: 'undone', ...reason, intents: [] };
    const undone = undoAndClose(host, windows, journal);
    if (undone.ok) return { state: 'undone', ...reason, intents: journal.intents };
    return {
      ...reason,
      state: 'stuck',
      code: undone.code,
      message: undone.message,
      intents: journal.intents,
    };
  }
}

/** The step that sets a live hibernation image aside, when there is one: resuming from it would undo the repair. */
export function planHibernation(host: Host, windows: FoundWindows): PlannedMove | undefined {
  const path = hibernationImageOn(windows.root);
  const entry = host.files.find(path);
  if (entry?.kind !== 'file') return undefined;
  const mark = String.fromCharCode(...host.files.read(path, 0, 4)).toUpperCase();
  if (mark !== 'HIBR' && mark !== 'RSTR') return undefined;
  const { sizeBytes, writtenAtMs } = entry;
  return { line: 0, action: 'set-aside', path, sizeBytes, writtenAtMs };
}

function makeChange(host: Host, windows: FoundWindows, move: PlannedMove, intent: Intent): void {
  if (intent.action !== 'edit-hive')
    return host.files.rename(move.path, joinPath(windows.root, intent.to.slice(1)));
  const problem = swapHive(host, windows, { ...intent, action: intent.action });
  if (problem) throw new ApplyProblem(problem.code, problem.message, move.line);
}

function intentOf(windows: FoundWindows, attemptId: string, number: number, move: PlannedMove): Intent {
  const { line, action, sizeBytes, writtenAtMs } = move;
  const to = move.action === 'rename' && move.toPath !== undefined ? withoutDrive(move.toPath) : undefined;
  return {
    kind: 'intent',
    number,
    line,
    action,
    from: withoutDrive(move.path),
    to: to ?? quarantinePathOf(windows.root, attemptId, number),
    sizeBytes,
    writtenAtMs,
    ...(move.action === 'edit-hive' ? { edits: recordedEdits(move.edits) } : {}),
  };
}

function checkUnchanged(host: Host, move: PlannedMove): void {
  const entry = host.files.find(move.path);
  const same =
    entry?.kind === 'file' && entry.sizeBytes === move.sizeBytes && entry.writtenAtMs === move.writtenAtMs;
  if (!same) throw new ApplyProblem('changed-since-plan', `${move.path} is not what was planned`, move.line);
}

function reasonOf(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
} {
  if (error instanceof ApplyProblem) return { code: error.code, message: error.message, line: error.line };
  if (error instanceof HostError) return { code: error.failure.code, message: error.message };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
