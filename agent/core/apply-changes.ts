import type { HiveEdit } from '../../shared/registry/hive-edit.ts';
import { type Host, HostError } from '../host/host.ts';
import type { FoundWindows } from './found-windows.ts';
import { makeCopy } from './file-copy.ts';
import { swapHive } from './hive-swap.ts';
import {
  appendRecord,
  beginJournal,
  type CopyIntent,
  type Intent,
  type Journal,
  recordedEdits,
  type ToolIntent,
} from './journal.ts';
import { hibernationImageOn, quarantineOf, quarantinePathOf } from './replay-places.ts';
import { type PlannedRun, runTool } from './run-tool.ts';
import { saveBefore } from './save-before.ts';
import { undoAndClose } from './undo-attempt.ts';
import { joinPath, withoutDrive } from './windows-path.ts';

/** One change of a plan that stands. */
export type PlannedMove = FileMove | HiveMove | CopyMove;

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
  /** A whole hive takes its place, made from the file at `fromPath` or else from the hive itself. */
  readonly swap?: { readonly line: number; readonly what: string; readonly fromPath?: string };
}

/** One file that is copied to `path`; size and time are those of what it replaces, else 0. */
export interface CopyMove {
  readonly line: number;
  readonly action: 'copy';
  readonly path: string;
  readonly fromPath: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number;
  readonly replaces: boolean;
  readonly copiedBytes: number;
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

/** What an attempt did, as its journal says. */
export type Done = Pick<Journal, 'intents' | 'tools'>;

export type ApplyResult = Done &
  (
    | { readonly state: 'applied' }
    | {
        readonly state: 'undone' | 'stuck';
        readonly code: string;
        readonly message: string;
        readonly line?: number;
      }
  );

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

/** A promise of the script that is not true, or not known, on the volume as it is now. */
export type BrokenPromise = { readonly code: string; readonly message: string; readonly line: number };

/** Everything that an attempt works with. */
export interface Attempt {
  readonly name: AttemptName;
  /** The script as it was signed, kept beside the journal to judge an interrupted step by. */
  readonly script: string;
  readonly moves: readonly PlannedMove[];
  /** Tools, in their order; one without a way back is the last. */
  readonly runs: readonly PlannedRun[];
  /** Speaks about the end; undefined when every promise holds. */
  readonly verify: () => BrokenPromise | undefined;
  readonly onPercent: (percent: number) => void;
}

/**
 * Makes the changes of a plan: each is journaled and durable in the journal before it is made, and every file moves by
 * rename, never by writing, and an edited hive is a new file. Then the tools run; one without a way back only behind
 * the point of no return, with hives and boot options saved. Whatever fails before it, everything is taken back; what
 * fails behind it is told and left to a person.
 */
export async function applyChanges(
  host: Host,
  windows: FoundWindows,
  attempt: Attempt,
): Promise<ApplyResult> {
  const { name, moves, runs, verify } = attempt;
  let journal: Journal | undefined;
  try {
    host.files.makeDirectory(quarantineOf(windows.root, name.attemptId));
    journal = beginJournal(host, windows.root, name, attempt.script);
    for (const [index, move] of moves.entries()) {
      checkUnchanged(host, move);
      const intent = intentOf(host, windows, name.attemptId, index + 1, move);
      journal = appendRecord(host, journal, intent);
      makeChange(host, windows, move, intent);
    }
    host.files.flush(windows.root);
    for (const run of runs) {
      if (run.class === 'one-way') {
        const problem = await saveBefore(host, windows, name.attemptId);
        if (problem) throw new ApplyProblem(problem.code, problem.message, run.line);
        journal = appendRecord(host, journal, { kind: 'no-return' });
      }
      journal = appendRecord(host, journal, toolIntentOf(run, moves.length + journal.tools.length + 1));
      const answer = await runTool(host, windows, run, attempt.onPercent);
      const { number } = journal.tools.at(-1)!;
      const provenBy = run.proof === 'volume' ? 'volume' : (answer.provenBy ?? 'tool-word');
      const proven = answer.kind === 'done' ? { provenBy } : {};
      journal = appendRecord(host, journal, { kind: 'tool-ended', number, code: answer.code, ...proven });
      host.files.flush(windows.root);
      if (answer.kind === 'not-done') journal = appendRecord(host, journal, { kind: 'still-returnable' });
      // What is unclear is settled by the volume, where it shows there.
      if (answer.kind === 'not-done' || (answer.kind === 'unclear' && run.proof === 'tool'))
        throw new ApplyProblem(answer.code, answer.reason, run.line);
    }
    const problem = verify();
    if (problem) throw new ApplyProblem(problem.code, problem.message, problem.line);
    journal = appendRecord(host, journal, { kind: 'applied' });
    return { state: 'applied', ...doneOf(journal) };
  } catch (error) {
    const reason = reasonOf(error);
    if (!journal) return { state: 'undone', ...reason, intents: [], tools: [] };
    if (journal.hasNoReturn) return { state: 'stuck', ...reason, ...doneOf(journal) };
    const undone = undoAndClose(host, windows, journal);
    if (undone.ok) return { state: 'undone', ...reason, ...doneOf(journal) };
    const { code, message } = undone;
    return { ...reason, state: 'stuck', code, message, ...doneOf(journal) };
  }
}

const doneOf = ({ intents, tools }: Journal): Done => ({ intents, tools });

const toolIntentOf = ({ line, class: kind, run, what }: PlannedRun, number: number): ToolIntent => ({
  kind: 'tool',
  number,
  line,
  class: kind,
  tool: run.tool,
  what,
});

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
  const { action, copy } = intent;
  if (action !== 'edit-hive' && action !== 'copy')
    return host.files.rename(move.path, joinPath(windows.root, intent.to.slice(1)));
  const problem =
    action === 'copy' && copy
      ? makeCopy(host, windows, { ...intent, action, copy })
      : swapHive(host, windows, { ...intent, action: 'edit-hive' });
  if (problem) throw new ApplyProblem(problem.code, problem.message, move.line);
}

function intentOf(
  host: Host,
  windows: FoundWindows,
  attemptId: string,
  number: number,
  move: PlannedMove,
): Intent {
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
    ...(move.action === 'edit-hive' ? recordedHive(host, move) : {}),
    ...(move.action === 'copy' ? { copy: recordedCopy(host, move) } : {}),
  };
}

const recordedHive = (host: Host, { edits, swap }: HiveMove): Pick<Intent, 'edits' | 'swap'> => ({
  ...(edits.length === 0 ? {} : { edits: recordedEdits(edits) }),
  ...(swap && {
    swap: {
      line: swap.line,
      what: swap.what,
      ...(swap.fromPath !== undefined && {
        source: { path: withoutDrive(swap.fromPath), sha256: host.files.hash(swap.fromPath) },
      }),
    },
  }),
});

const recordedCopy = (host: Host, { fromPath, copiedBytes, replaces }: CopyMove): CopyIntent['copy'] => ({
  source: withoutDrive(fromPath),
  sizeBytes: copiedBytes,
  sha256: host.files.hash(fromPath),
  replaces,
});

function checkUnchanged(host: Host, move: PlannedMove): void {
  const entry = host.files.find(move.path);
  if (move.action === 'copy' && host.files.find(move.fromPath)?.sizeBytes !== move.copiedBytes)
    throw new ApplyProblem('changed-since-plan', `${move.fromPath} is not what was planned`, move.line);
  if (move.action === 'copy' && !move.replaces && !entry) return;
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
