import { judgeProgramExit, type ToolAnswer } from '../../shared/remediation/tools/tool-answer.ts';
import type { ProgramRun } from '../../shared/remediation/tools/tool-run.ts';
import { type Host, HostError } from '../host/host.ts';
import { answerOfFailure } from './answer-of-failure.ts';
import type { FoundWindows } from './found-windows.ts';
import { stateFolderOn } from './state-folder.ts';
import { joinPath, nameOfPath } from './windows-path.ts';

const pieceBytes = 1024 * 1024;

/**
 * Runs a program of the found Windows. What runs is a copy in a folder that only SYSTEM can write and that holds nothing
 * else: the bytes that are hashed are the bytes that start, and no library that somebody laid beside the program is
 * loaded.
 */
export async function runProgram(host: Host, windows: FoundWindows, run: ProgramRun): Promise<ToolAnswer> {
  const folder = stateFolderOn(windows.root).program;
  const copy = joinPath(folder, nameOfPath(run.path));
  const problem = attempt(() => {
    clear(host, folder);
    return makeCopy(host, run, folder, copy);
  });
  if (problem) return problem;
  const result = await host.tools.runProgram({
    path: copy,
    arguments: run.arguments,
    timeoutMs: run.timeoutMinutes * 60_000,
  });
  // What stays is cleared before the next program runs.
  attempt(() => clear(host, folder));
  switch (result.kind) {
    case 'ended':
      return judgeProgramExit(run, result.exitCode);
    case 'timed-out':
      return {
        kind: 'unclear',
        code: 'program-timed-out',
        reason: `the program was ended after ${run.timeoutMinutes} minutes`,
      };
    case 'failed':
      return answerOfFailure(result.failure);
    default:
      return result satisfies never;
  }
}

/** Nothing was started yet, so whatever the disk refuses changed nothing. */
function attempt(work: () => ToolAnswer | void): ToolAnswer | undefined {
  try {
    return work() ?? undefined;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { kind: 'not-done', code: error.failure.code, reason: error.failure.message };
  }
}

function clear(host: Host, folder: string): void {
  for (const { name } of host.files.list(folder) ?? []) host.files.remove(joinPath(folder, name));
}

function makeCopy(host: Host, run: ProgramRun, folder: string, copy: string): ToolAnswer | undefined {
  const changed = (reason: string): ToolAnswer => ({ kind: 'not-done', code: 'program-changed', reason });
  const entry = host.files.find(run.path);
  if (entry?.kind !== 'file' || entry.sizeBytes !== run.sizeBytes)
    return changed(`${run.path} is not what was planned`);
  host.files.makeDirectory(folder);
  host.files.create(copy, new Uint8Array(0));
  for (let at = 0; at < run.sizeBytes; at += pieceBytes)
    host.files.append(copy, host.files.read(run.path, at, pieceBytes));
  host.files.flush(copy);
  return host.files.hash(copy) === run.sha256
    ? undefined
    : changed(`${run.path} does not hold the program that was approved any more`);
}
