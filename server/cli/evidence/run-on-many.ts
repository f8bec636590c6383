import { type Paint, type Terminal, painter, reportFailure } from '../terminal.ts';
import type { EvidenceArguments } from './evidence-arguments.ts';
import type { EvidenceProblem } from './evidence-file.ts';
import { type GatheredFile, gatherEvidence } from './gather-evidence.ts';
import type { EvidenceKind, EvidenceReading } from './read-evidence.ts';
import { redactionFor } from './redaction.ts';

/** One kind of evidence that a command reads, and how it is shown. */
export interface Manner {
  readonly isWanted: (kind: EvidenceKind) => boolean;
  readonly render: (evidence: EvidenceReading, paint: Paint) => string[];
}

/**
 * Reads several files, folders or archives and shows one after the other, with `--json` as one document. The exit code
 * is 0 only when something was found and all of it could be read.
 */
export async function runOnMany(
  { paths, json, redact }: EvidenceArguments,
  { isWanted, render }: Manner,
  terminal: Terminal,
): Promise<number> {
  const gathered = await gatherEvidence(paths, isWanted);
  const redaction = redactionFor(redact, terminal);
  // A name found in one file is taken out of all.
  redaction.learn(gathered.files);
  const files = gathered.files.map(redaction.value);
  const paint = painter(terminal);
  if (json) {
    terminal.out(`${JSON.stringify({ files, passedOver: gathered.passedOver }, null, 2)}\n`);
  } else {
    const pages = files.flatMap(file =>
      'problem' in file ? [] : [[paint('strong', `== ${file.path}`), ...render(file, paint)].join('\n')],
    );
    if (pages.length > 0) terminal.out(`${pages.join('\n\n')}\n`);
  }
  return reportProblems(files, gathered.passedOver, redaction.terminal);
}

/** Names on standard error what could not be read, and gives the exit code. */
export function reportProblems(
  files: readonly GatheredFile[],
  passedOver: number,
  terminal: Terminal,
): number {
  for (const file of files) {
    if ('problem' in file) reportFailure(terminal, false, placed(file.path, file.problem));
  }
  if (files.length === 0) {
    const message = `nothing to read was found among ${passedOver} files; files are recognised by what they hold, not by name`;
    reportFailure(terminal, false, { code: 'nothing-found', message });
  }
  return files.length > 0 && files.every(file => !('problem' in file)) ? 0 : 1;
}

const placed = (path: string, { code, message, place }: EvidenceProblem) => ({
  code,
  message,
  place: place === undefined ? path : `${path}, ${place}`,
});
