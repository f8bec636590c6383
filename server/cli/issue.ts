import { checkIssues } from './issue/check-issues.ts';
import { exportIssues } from './issue/export-issues.ts';
import { importIssues } from './issue/import-issues.ts';
import { newIssue } from './issue/new-issue.ts';
import { writePages } from './issue/write-pages.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const usage = `Usage:
  bootmend issue check DIR [--json]                        one known issue, or a folder of them
  bootmend issue new ID --to DIR [--incident ID]           a folder to begin with, or drafted from an incident
  bootmend issue import DIR                                bring them to the server as drafts
  bootmend issue import FILE --key KEY.pub.json [--older]  the same from a signed file
  bootmend issue export --to DIR [ID …]                    those in force as folders, for Git
  bootmend issue export --bundle FILE --key FILE [ID …]    the same in one signed file, for a place without a network
  bootmend issue pages DIR --to DIR                        a table and a page for each, for people who read
`;

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
  if (code === undefined) terminal.error(usage);
  return code ?? 2;
}
