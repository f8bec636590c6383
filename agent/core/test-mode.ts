import * as z from 'zod/mini';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import { code } from '../../shared/wire/primitives.ts';
import { story } from '../../shared/wire/story.ts';
import { HostError } from '../host/host.ts';
import { agentBuild } from './agent-build.ts';
import { applyChanges } from './apply-changes.ts';
import { newAttemptId } from './attempt-id.ts';
import type { Run } from './heal.ts';
import { findJournal } from './journal.ts';
import { startNetwork } from './leave.ts';
import { isKeyPressed } from './server-client.ts';
import { handedOver, type RecoveryEnd } from './session.ts';
import { stateFolderOn, writeJsonFile } from './state-folder.ts';
import { undoAndClose } from './undo-attempt.ts';
import { joinPath } from './windows-path.ts';

/** `last-test.json`: how the whole path went in test mode, phase by phase, for `readiness` in the Windows after it. */
export const testReport = z.object({
  version: z.literal(1),
  ok: z.boolean(),
  /** The phase that failed, and why. */
  problem: z.optional(z.object({ phase: z.string(), code, message: z.string() })),
  agentVersion: z.string(),
  atWallMs: z.int(),
  story,
});
export type TestReport = z.infer<typeof testReport>;

type Problem = NonNullable<TestReport['problem']>;

/**
 * The five phases on a machine that is healthy: it came into the recovery environment, the network comes up, the server
 * answers, a harmless file is moved into quarantine and back through the journal, and Windows is started again. A test
 * never waits for hours: what fails is written down and Windows starts.
 */
export async function runTestMode(run: Run): Promise<RecoveryEnd> {
  const { session, windows } = run;
  const problem = await findProblem(run);
  if (problem === 'key') return handedOver('key-pressed', 'A key was pressed.');
  session.enter('report', problem?.code);
  const report: TestReport = {
    version: 1,
    ok: problem === undefined,
    ...(problem && { problem }),
    agentVersion: agentBuild.version,
    atWallMs: session.host.clock.wallMs(),
    story: session.story(),
  };
  try {
    writeJsonFile(session.host, stateFolderOn(windows.root).lastTest, report);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    session.log('warn', 'test-not-noted', error.message);
  }
  session.log(problem ? 'warn' : 'info', 'test-ended', problem?.message ?? 'The whole path works.');
  return { kind: 'reboot' };
}

async function findProblem(run: Run): Promise<Problem | 'key' | undefined> {
  const { session, conversation } = run;
  const network = await startNetwork(run);
  if (network === 'key') return 'key';
  if (network === 'none')
    return {
      phase: 'network',
      code: 'no-network',
      message: 'There is no network in the recovery environment.',
    };
  session.enter('check-in');
  const { posted } = await conversation.checkIn('test-mode', {}, [], undefined, true);
  if (isKeyPressed(posted)) return 'key';
  if (posted.kind === 'busy')
    return { phase: 'check-in', code: 'server-busy', message: 'The recovery service is busy.' };
  if (posted.kind !== 'answered') return { phase: 'check-in', code: posted.code, message: posted.message };
  session.enter('apply');
  return tryHarmlessChange(run);
}

/** Moves a file of our own into quarantine and back, through journal and undo as a repair would. */
async function tryHarmlessChange({ session, windows, conversation }: Run): Promise<Problem | undefined> {
  const { files } = session.host;
  const directory = joinPath(windows.windowsDirectory, 'Temp');
  const path = joinPath(directory, 'bootmend-test.txt');
  const failed = (code: string, message: string): Problem => ({ phase: 'apply', code, message });
  try {
    files.makeDirectory(directory);
    if (files.find(path)) files.remove(path);
    files.create(path, utf8Of('Bootmend moves this file away and back, to prove that it can.\r\n'));
    files.flush(path);
    const entry = files.find(path);
    if (entry?.kind !== 'file') return failed('file-missing', `${path} was written and is not there.`);
    const name = {
      attemptId: newAttemptId(session.host),
      episode: conversation.episode.episode,
      scriptSha256: '0'.repeat(64),
    };
    const { sizeBytes, writtenAtMs } = entry;
    const move = { line: 1, action: 'delete', path, sizeBytes, writtenAtMs } as const;
    const applied = await applyChanges(session.host, windows, {
      name,
      script: '',
      moves: [move],
      runs: [],
      verify: () =>
        files.find(path) ? { code: 'verify-failed', message: `${path} is still there.`, line: 1 } : undefined,
      onPercent: () => undefined,
    });
    if (applied.state !== 'applied') return failed(applied.code, applied.message);
    const journal = findJournal(session.host, windows.root, name.attemptId);
    const undone = journal && undoAndClose(session.host, windows, journal);
    if (!undone?.ok)
      return failed(undone?.code ?? 'journal-missing', 'The harmless change could not be taken back.');
    files.remove(path);
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return failed(error.failure.code, error.message);
    throw error;
  }
}
