import { findPendingServicing } from '../../shared/remediation/servicing-state.ts';
import { OfflineRegistry } from '../../shared/remediation/offline-registry.ts';
import { judgeRepairLog } from '../../shared/remediation/tools/repair-log.ts';
import type { ToolAnswer } from '../../shared/remediation/tools/tool-answer.ts';
import { scratchFolderOn, type WantedBootOption } from '../../shared/remediation/tools/tool-run.ts';
import type { Host } from '../host/host.ts';
import { hasBootEntry, isBootOptionTrue } from './boot-options.ts';
import type { FoundWindows } from './found-windows.ts';
import { joinPath } from './windows-path.ts';

type Run = () => Promise<ToolAnswer>;

/**
 * A boot option is looked at before, since BCDEdit refuses to delete what a run that was cut off has deleted already,
 * and after, whatever BCDEdit says.
 */
export async function setBootOption(
  host: Host,
  windows: FoundWindows,
  wanted: WantedBootOption,
  run: Run,
): Promise<ToolAnswer> {
  const done = (reason: string): ToolAnswer => ({
    kind: 'done',
    code: 'boot-option-true',
    reason,
    provenBy: 'boot-store',
  });
  if ((await isBootOptionTrue(host, windows, wanted)) === true) return done('the boot store says so already');
  const answer = await run();
  const isTrue = await isBootOptionTrue(host, windows, wanted);
  if (isTrue === true) return done('the boot store says so');
  if (answer.kind !== 'done') return answer;
  return isTrue === false
    ? {
        kind: 'not-done',
        code: 'boot-option-not-true',
        reason: 'bcdedit says that it succeeded, the boot store does not',
      }
    : { kind: 'unclear', code: 'boot-option-unknown', reason: 'the boot store could not be read' };
}

/** Boot files often lie on a partition without a letter; the boot store can be exported, and has to name this Windows. */
export async function writeBootFiles(host: Host, windows: FoundWindows, run: Run): Promise<ToolAnswer> {
  const answer = await run();
  if (answer.kind !== 'done') return answer;
  const isOffered = await hasBootEntry(host, windows);
  if (isOffered === true) return { ...answer, provenBy: 'boot-store' };
  return isOffered === false
    ? {
        kind: 'unclear',
        code: 'boot-entry-missing',
        reason: 'bcdboot says that it succeeded, the boot store has no entry that starts this Windows',
      }
    : { kind: 'unclear', code: 'boot-entry-unknown', reason: 'the boot store could not be read' };
}

/** SFC names in its log what it could not repair. One that does not know the log is run without it, and believed. */
export async function repairWithLog(
  host: Host,
  windows: FoundWindows,
  log: string,
  runWithLog: Run,
  run: Run,
): Promise<ToolAnswer> {
  host.files.makeDirectory(scratchFolderOn(windows.root));
  if (host.files.find(log)) host.files.remove(log);
  const first = await runWithLog();
  const isThere = host.files.find(log)?.kind === 'file';
  if (!isThere) return first.code === 'sfc-unclear' ? run() : first;
  const source = windows.open(log);
  const judged = source && judgeRepairLog(source);
  if (judged?.kind === 'unrepaired' && first.kind !== 'not-done')
    return {
      kind: 'unclear',
      code: 'system-file-not-repaired',
      reason: `sfc could not repair ${judged.file}`,
    };
  return first.kind === 'done' && judged?.kind === 'repaired' ? { ...first, provenBy: 'repair-log' } : first;
}

/**
 * DISM finishes at the next start, so what waits may still wait. But it works on the hives of servicing and on the file
 * with the work: where none of them is another than before, it did nothing, whatever it says.
 */
export async function revertPending(host: Host, windows: FoundWindows, run: Run): Promise<ToolAnswer> {
  const stamps = () =>
    ['WinSxS\\pending.xml', 'System32\\config\\SOFTWARE', 'System32\\config\\COMPONENTS']
      .flatMap(name =>
        name.includes('config') ? ['', '.LOG1', '.LOG2'].map(log => `${name}${log}`) : [name],
      )
      .map(name => host.files.find(joinPath(windows.windowsDirectory, name)))
      .map(entry => (entry ? `${entry.sizeBytes} ${entry.writtenAtMs}` : 'absent'))
      .join();
  const before = stamps();
  const answer = await run();
  if (answer.kind !== 'done') return answer;
  if (stamps() === before)
    return {
      kind: 'not-done',
      code: 'tool-changed-nothing',
      reason: 'dism says that it succeeded, but nothing of what waits is another than before',
    };
  const left = findPendingServicing(new OfflineRegistry(windows), windows);
  return left.ok && left.signs.length === 0 ? { ...answer, provenBy: 'volume' } : answer;
}
