import type { FileFact } from '../facts/facts.ts';
import { foldName, hasWildcard, matchesFoldedGlob } from '../facts/glob.ts';
import { compareNumbers, isWithin, type Range } from '../facts/range.ts';
import { type Verdict, verdictOf, verdictOfAll } from '../facts/verdict.ts';
import type { FileCondition } from './compiled-rule.ts';
import { type FactView, isCoveredBy, type SeenFile, splitPath } from './fact-view.ts';
import { sayInstant } from './say-instant.ts';

/** Whether a file is there, and which ones say so; none where a search found none. */
export interface FileAnswer {
  readonly verdict: Verdict;
  readonly files: readonly SeenFile[];
}

/**
 * Makes ready to ask whether a file like that is on the machine. A file that was not reported is absent only where a
 * search covers it: unknown is not false.
 */
export function fileQuestion(condition: FileCondition): (view: FactView) => FileAnswer {
  const { folder, last } = splitPath(condition.path);
  const folded = foldName(last);
  const fits = hasWildcard(last)
    ? (file: SeenFile) => matchesFoldedGlob(folded, file.foldedName)
    : (file: SeenFile) => folded === file.foldedName;
  const judge = traitsJudgeOf(condition);
  const from = condition.written?.from;
  const writtenFromMs = from === undefined ? undefined : Date.parse(from);
  return view => {
    const named = view.filesByFolder.get(folder)?.filter(fits) ?? [];
    let undecided: SeenFile | undefined;
    for (const file of named) {
      const verdict = judge(file.fact);
      if (verdict === 'held') return { verdict, files: [file] };
      if (verdict === 'unknown') undecided ??= file;
    }
    if (undecided) return { verdict: 'unknown', files: [undecided] };
    const isCovered = view.searches.some(one => isCoveredBy(one, folder, last, writtenFromMs));
    return { verdict: isCovered ? 'failed' : 'unknown', files: named };
  };
}

/** What was seen, as a person reads it. */
export function sayAnswer({ verdict, files }: FileAnswer): string | undefined {
  if (files.length === 0) return verdict === 'failed' ? 'none found' : undefined;
  return files
    .slice(0, 3)
    .map(file => sayFile(file.name, file.fact))
    .join('; ');
}

function traitsJudgeOf({ written, sizeBytes, sha256 }: FileCondition): (fact: FileFact) => Verdict {
  const writtenMs = written && instantsOf(written);
  return fact => {
    const verdicts: Verdict[] = ['held'];
    if (writtenMs) verdicts.push(verdictOf(isWithin(writtenMs, Date.parse(fact.writtenAt), compareNumbers)));
    if (sizeBytes) verdicts.push(verdictOf(isWithin(sizeBytes, fact.sizeBytes, compareNumbers)));
    if (sha256)
      verdicts.push(fact.sha256 === undefined ? 'unknown' : verdictOf(sha256.includes(fact.sha256)));
    return verdictOfAll(verdicts);
  };
}

const instantsOf = ({ from, until }: Range<string>): Range<number> => ({
  from: from === undefined ? undefined : Date.parse(from),
  until: until === undefined ? undefined : Date.parse(until),
});

const sayFile = (name: string, { sizeBytes, writtenAt }: FileFact) =>
  `${name}, ${sizeBytes} bytes, written ${sayInstant(writtenAt)}`;
