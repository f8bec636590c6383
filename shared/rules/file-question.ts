import { hasWildcard, isSameName, matchesGlob } from '../facts/glob.ts';
import { compareNumbers, isWithin, type Range } from '../facts/range.ts';
import { type Verdict, verdictOf, verdictOfAll } from '../facts/verdict.ts';
import type { FileFact } from '../facts/facts.ts';
import type { FileCondition } from './compiled-rule.ts';
import { type FactView, type SeenSearch, splitPath } from './fact-view.ts';
import { sayInstant } from './say-instant.ts';

/** Whether a file is there, and what was seen of it. */
export interface FileAnswer {
  readonly verdict: Verdict;
  readonly value?: string;
}

/**
 * Whether a file like that is on the machine. A file that was not reported is absent only where a search covers it:
 * unknown is not false.
 */
export function answerFile(condition: FileCondition, view: FactView): FileAnswer {
  const { folder, last } = splitPath(condition.path);
  const fits = hasWildcard(last)
    ? (name: string) => matchesGlob(last, name)
    : (name: string) => isSameName(last, name);
  const named = (view.filesByFolder.get(folder) ?? []).filter(file => fits(file.name));
  const judged = named.map(file => ({ file, verdict: judge(condition, file.fact) }));
  const best = judged.find(one => one.verdict === 'held') ?? judged.find(one => one.verdict === 'unknown');
  if (best) return { verdict: best.verdict, value: sayFile(best.file.name, best.file.fact) };
  const search = view.searches.find(one => covers(one, condition, folder, last));
  const others = named.map(file => sayFile(file.name, file.fact));
  if (!search)
    return { verdict: 'unknown', ...(others.length > 0 && { value: others.slice(0, 3).join('; ') }) };
  return { verdict: 'failed', value: others.length > 0 ? others.slice(0, 3).join('; ') : 'none found' };
}

function judge({ written, sizeBytes, sha256 }: FileCondition, fact: FileFact): Verdict {
  const verdicts: Verdict[] = ['held'];
  if (written)
    verdicts.push(verdictOf(isWithin(instantsOf(written), Date.parse(fact.writtenAt), compareNumbers)));
  if (sizeBytes) verdicts.push(verdictOf(isWithin(sizeBytes, fact.sizeBytes, compareNumbers)));
  if (sha256) verdicts.push(fact.sha256 === undefined ? 'unknown' : verdictOf(sha256.includes(fact.sha256)));
  return verdictOfAll(verdicts);
}

/** Whether every file that the condition means would have been reported by this search. */
function covers(search: SeenSearch, { written }: FileCondition, folder: string, last: string): boolean {
  const isPlace =
    search.pattern === '**'
      ? folder === search.folder || folder.startsWith(`${search.folder}\\`)
      : folder === search.folder && (search.pattern === '*' || isSameName(search.pattern, last));
  if (!isPlace) return false;
  const since = search.fact.writtenSince;
  if (since === undefined) return true;
  return written?.from !== undefined && Date.parse(since) <= Date.parse(written.from);
}

const instantsOf = ({ from, until }: Range<string>): Range<number> => ({
  from: from === undefined ? undefined : Date.parse(from),
  until: until === undefined ? undefined : Date.parse(until),
});

const sayFile = (name: string, { sizeBytes, writtenAt }: FileFact) =>
  `${name}, ${sizeBytes} bytes, written ${sayInstant(writtenAt)}`;
