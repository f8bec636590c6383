import { checkIssues } from './issue/check-issues.ts';
import { exportIssues } from './issue/export-issues.ts';
import { importIssues } from './issue/import-issues.ts';
import { newIssue } from './issue/new-issue.ts';
import { writePages } from './issue/write-pages.ts';
import { processTerminal, type Terminal, wrongUsage } from './terminal.ts';

type Verb = (argv: readonly string[], terminal: Terminal) => Promise<number | undefined> | number | undefined;
const verbs: Readonly<Record<string, Verb>> = {
  check: checkIssues,
  new: newIssue,
  import: importIssues,
  pages: writePages,
  export: exportIssues,
};

/** `bootmend issue check | new | import | export`: known issues as folders that people review and commit. */
export async function runIssue(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const [name = '', ...rest] = argv;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  const code = await verb?.(rest, terminal);
  return code ?? wrongUsage('issue', terminal);
}
