import { findConflicts } from '../../../shared/rules/find-conflicts.ts';
import { readFileArguments, reportFailure, type Terminal } from '../terminal.ts';
import { readIssueFolders, reportFolderMistakes } from './issue-folder.ts';

/**
 * `issue check DIR [--json]`: every mistake in a known issue or a folder of them, and every pair that would collide.
 * The exit code is 0 only when nothing is wrong and nothing collides for certain.
 */
export async function checkIssues(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asked = readFileArguments(argv);
  if (!asked) return undefined;
  const folders = readIssueFolders(asked.file);
  if (!folders) {
    const message = `${asked.file} holds no known issue: expected an issue.yaml, or folders that have one`;
    reportFailure(terminal, asked.json, { code: 'no-issue', message });
    return 1;
  }
  const mistakes = folders.flatMap(one => one.mistakes);
  const { conflicts } = findConflicts(
    folders.flatMap(({ rule, script }) =>
      rule ? [{ rule, remediation: script ?? `advice of ${rule.id}` }] : [],
    ),
  );
  const ok = mistakes.length === 0 && !conflicts.some(one => one.isCertain);
  if (asked.json) {
    terminal.out(`${JSON.stringify({ ok, issues: folders.length, mistakes, conflicts }, null, 2)}\n`);
    return ok ? 0 : 1;
  }
  reportFolderMistakes(terminal, mistakes);
  for (const { ids, isCertain } of conflicts)
    terminal.error(
      `${ids.join(' and ')} ${isCertain ? 'collide' : 'may collide'}: equal rank, different help. Give the one that is to go first a higher priority.\n`,
    );
  const count = folders.length === 1 ? 'One known issue' : `${folders.length} known issues`;
  if (mistakes.length === 0) terminal.out(`${count}, no mistakes.\n`);
  return ok ? 0 : 1;
}
