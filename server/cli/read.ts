import { renderCase } from './case/case-text.ts';
import { explainCase } from './case/explain-case.ts';
import { readCatalogue, shippedCatalogue } from './catalogue.ts';
import { readEvidenceArguments } from './evidence/evidence-arguments.ts';
import type { EvidenceFile } from './evidence/evidence-file.ts';
import { gatherEvidence } from './evidence/gather-evidence.ts';
import { redactionFor } from './evidence/redaction.ts';
import { reportProblems } from './evidence/run-on-many.ts';
import { documentOf } from './match.ts';
import { type Terminal, painter, processTerminal, wrongUsage } from './terminal.ts';

/**
 * `bootmend read PATH… [--json] [--redact]`: reads everything that a technician drags in and says what happened, who is
 * suspected and what to try. The exit code is 0 only when something was found and all of it could be read.
 */
export async function runRead(
  argv: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  const asked = readEvidenceArguments(argv);
  if (!asked) return wrongUsage('read', terminal);
  const present: EvidenceFile[] = [];
  const gathered = await gatherEvidence(
    asked.paths,
    () => true,
    file => void present.push(file),
  );
  const { issues, problems } = readCatalogue(shippedCatalogue);
  const explanation = explainCase(gathered, present, issues);
  const redaction = redactionFor(asked.redact, terminal);
  redaction.learn([gathered, explanation]);
  if (asked.json) {
    const { result, ...rest } = explanation;
    const { matches, nearMisses, unknown } = documentOf(result);
    const document = { ...rest, matches, nearMisses, unknown, ...gathered };
    terminal.out(`${JSON.stringify(redaction.value(document), null, 2)}\n`);
  } else if (gathered.files.some(file => !('problem' in file))) {
    const lines = renderCase(redaction.value(explanation), redaction.value(gathered), painter(terminal));
    terminal.out(`${lines.join('\n')}\n`);
  }
  for (const problem of problems) terminal.error(`${problem}\n`);
  const exitCode = reportProblems(
    gathered.files.map(redaction.value),
    gathered.passedOver,
    redaction.terminal,
  );
  return problems.length > 0 ? 1 : exitCode;
}
