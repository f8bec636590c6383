import { evidenceKinds, type EvidenceKind } from '../../wire/evidence.ts';
import type { FoundWindows } from '../../facts/place.ts';
import type { Cursor } from '../cursor.ts';
import type { EvidenceNotice } from '../plan.ts';
import { findEvidence } from '../evidence-names.ts';
import type { CollectAction } from '../syntax-tree.ts';
import type { ActionDefinition } from './action-definition.ts';

/** A kind of evidence as scripts write it: `boot log`. */
export const wordsOfEvidence = (kind: EvidenceKind) => kind.replaceAll('-', ' ');

const meanings: Readonly<Record<EvidenceKind, string>> = {
  'crash-extract': 'what the newest crash dump says, at most 300 kB and never the dump',
  'boot-log': 'the list of drivers that the last start loaded',
  'startup-repair-log': 'what Startup Repair found',
  'boot-status': 'what the boot loader noted of the last starts',
  'pending-renames-log': 'which files Windows moved at its last start',
  'pending-transaction': 'the servicing that waits for the next start',
  'servicing-log': 'the newest part of the log of updates',
  'device-install-log': 'the newest part of the log of driver installations',
  'event-log': 'the newest part of the system event log',
  'registry-extract': 'the settings that matter for a start, never a hive',
};

export const collectEvidence: ActionDefinition<CollectAction> = {
  verb: 'collect',
  form: `collect (${evidenceKinds.map(wordsOfEvidence).join('|')})`,
  example: 'collect servicing log',
  class: 'reversible',
  meaning: 'sends evidence of one kind with the report of the attempt, also when no known issue asks for it',
  clauses: [],
  undo: 'none is needed: nothing on the machine changes',
  verify: 'nothing: a machine that does not hold this evidence is healed all the same',
  traps: [
    'Only these kinds, made by the collectors of the device with their limits; no line reaches other files.',
    'It is what the machine held when its recovery began, and without a server nothing is sent.',
    'Nothing is sent where the script does not apply, is refused or finds nothing to do.',
  ],
  source: 'Bootmend: docs/reading-evidence.md',
  windows: 'Windows 7 and later',
  changes: 'windows',
  read(cursor) {
    const evidence = readKind(cursor);
    return evidence && { verb: 'collect', evidence };
  },
  print: ({ evidence }) => `collect ${wordsOfEvidence(evidence)}`,
  explain: ({ evidence }) => `Sends the ${wordsOfEvidence(evidence)} with the report: ${meanings[evidence]}.`,
  plan: ({ evidence }, { volume }) => [noticeOf(evidence, volume)],
  prove: () => ({ verdict: 'held', reason: 'Nothing on the machine was to change.' }),
};

/** What a line that collects evidence of a kind comes to on a volume. */
export const noticeOf = (evidence: EvidenceKind, { windowsDirectory }: FoundWindows): EvidenceNotice => ({
  kind: 'collect-evidence',
  path: windowsDirectory,
  evidence,
  what: wordsOfEvidence(evidence),
});

/** The kinds are told apart word by word. */
function readKind(cursor: Cursor): EvidenceKind | undefined {
  if (reportName(cursor)) return undefined;
  let alike = evidenceKinds.map(kind => ({ kind, words: kind.split('-') }));
  for (let at = 0; alike.some(({ words }) => words.length > at); at++) {
    const word = cursor.expectOneOf([...new Set(alike.map(({ words }) => words[at]!))]);
    if (word === undefined) return undefined;
    alike = alike.filter(({ words }) => words[at] === word);
  }
  return alike[0]?.kind;
}

/** Reports evidence that is called by the file which holds it, or by what others call it: `collect memory dump`. */
function reportName(cursor: Cursor): boolean {
  const [first, last] = [cursor.peek(), cursor.line.tokens.at(-1)];
  if (!first || !last || evidenceKinds.some(kind => kind.startsWith(`${first.value}-`))) return false;
  const span = { start: first.span.start, end: last.span.end };
  const said = cursor.report.text.slice(span.start, span.end);
  const [kind] = findEvidence(said);
  if (kind === undefined) return false;
  const words = wordsOfEvidence(kind);
  const why = `Evidence is named by its kind. Expected: ${words}.`;
  cursor.add('unknown-word', span, why, { title: `Write ${words}`, span, text: words });
  return true;
}
