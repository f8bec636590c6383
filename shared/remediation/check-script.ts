import { changedTwice } from './checks/changed-twice.ts';
import type { Check } from './checks/check.ts';
import { fileOfWindows } from './checks/file-of-windows.ts';
import { launchPlace } from './checks/launch-place.ts';
import { messagesStayShort } from './checks/messages-stay-short.ts';
import { missingEvidence } from './checks/missing-evidence.ts';
import { noUndoIsSaid } from './checks/no-undo-is-said.ts';
import { oneWayComesLast } from './checks/one-way-comes-last.ts';
import { protectedKey } from './checks/protected-key.ts';
import { protectedPlace } from './checks/protected-place.ts';
import { programIsPinned } from './checks/program-is-pinned.ts';
import { programsAreNoInterpreters } from './checks/programs-are-no-interpreters.ts';
import { riskOfPrograms } from './checks/risk-of-programs.ts';
import { riskOfTools } from './checks/risk-of-tools.ts';
import { sameFile } from './checks/same-file.ts';
import { sourceIsPinned } from './checks/source-is-pinned.ts';
import { tooManyLines } from './checks/too-many-lines.ts';
import { verifyLooksAtFiles } from './checks/verify-looks-at-files.ts';
import { wildcardThatMatchesEverything } from './checks/wildcard-that-matches-everything.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseScript } from './parser.ts';
import { Report } from './source.ts';
import type { Script } from './syntax-tree.ts';

/** Rules about lines that could be read, and one about lines that must be there. */
const checksOfLines: readonly Check[] = [
  wildcardThatMatchesEverything,
  protectedPlace,
  launchPlace,
  sameFile,
  changedTwice,
  fileOfWindows,
  protectedKey,
  verifyLooksAtFiles,
  noUndoIsSaid,
  oneWayComesLast,
  programsAreNoInterpreters,
  programIsPinned,
  sourceIsPinned,
  riskOfTools,
  riskOfPrograms,
  messagesStayShort,
  tooManyLines,
];
const checksOfWhole: readonly Check[] = [missingEvidence];

/** A script only when nothing is wrong with the text; all mistakes otherwise, in the order of the text. */
export interface CheckResult {
  readonly script?: Script;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a script and tells every mistake with its place, what would be accepted and, where there is one, a fix. */
export function checkScript(text: string): CheckResult {
  const report = new Report(text);
  const script = parseScript(report);
  if (!script) return { diagnostics: report.diagnostics };
  const isRead = report.isClean;
  for (const check of checksOfLines) check(script, report);
  // A guard that could not be read is not a guard that is missing.
  if (isRead) for (const check of checksOfWhole) check(script, report);
  return { ...(report.isClean && { script }), diagnostics: report.diagnostics };
}
