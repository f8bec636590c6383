import { foldedGlob, foldName } from '../facts/glob.ts';
import { type Verdict, verdictOf } from '../facts/verdict.ts';
import type { FileCondition } from './compiled-rule.ts';
import { type FactView, isCovered, type SeenFile, splitPath } from './fact-view.ts';
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
  const isNamedSo = foldedGlob(folded);
  const fits = (file: SeenFile) => isNamedSo(file.foldedName);
  const judge = traitsJudgeOf(condition);
  const from = condition.written?.from;
  const writtenFromMs = from === undefined ? undefined : Date.parse(from);
  return view => {
    const files = view.filesByFolder.get(folder) ?? none;
    let undecided: SeenFile | undefined;
    let isNamed = false;
    for (const file of files) {
      if (!fits(file)) continue;
      isNamed = true;
      const verdict = judge(file);
      if (verdict === 'held') return { verdict, files: [file] };
      if (verdict === 'unknown') undecided ??= file;
    }
    if (undecided) return { verdict: 'unknown', files: [undecided] };
    const verdict = isCovered(view.searches, folder, folded, writtenFromMs) ? 'failed' : 'unknown';
    return isNamed ? { verdict, files: files.filter(fits) } : nothing[verdict];
  };
}

const none: readonly SeenFile[] = [];
const nothing = {
  failed: { verdict: 'failed', files: none },
  unknown: { verdict: 'unknown', files: none },
} as const;

/** What was seen, as a person reads it. */
export function sayAnswer({ verdict, files }: FileAnswer): string | undefined {
  if (files.length === 0) return verdict === 'failed' ? 'none found' : undefined;
  return files
    .slice(0, 3)
    .map(file => sayFile(file.name, file.fact))
    .join('; ');
}

function traitsJudgeOf({ written, sizeBytes, sha256 }: FileCondition): (file: SeenFile) => Verdict {
  const writtenFrom = instantOf(written?.from, -Infinity);
  const writtenUntil = instantOf(written?.until, Infinity);
  const [sizeFrom, sizeUntil] = [sizeBytes?.from ?? -Infinity, sizeBytes?.until ?? Infinity];
  return file => {
    const { fact } = file;
    if (fact.sizeBytes < sizeFrom || fact.sizeBytes >= sizeUntil) return 'failed';
    if (written && !(file.writtenMs >= writtenFrom && file.writtenMs < writtenUntil)) return 'failed';
    if (!sha256) return 'held';
    return fact.sha256 === undefined ? 'unknown' : verdictOf(sha256.includes(fact.sha256));
  };
}

const instantOf = (text: string | undefined, absent: number) =>
  text === undefined ? absent : Date.parse(text);

const sayFile = (name: string, { sizeBytes, writtenAt }: SeenFile['fact']) =>
  `${name}, ${sizeBytes} bytes, written ${sayInstant(writtenAt)}`;
