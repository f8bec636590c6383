import { foldedGlob, foldName } from '../facts/glob.ts';
import { type Verdict, verdictOf } from '../facts/verdict.ts';
import type { FileCondition } from './compiled-rule.ts';
import { type FactView, isCovered, type SeenFile, splitPath } from './fact-view.ts';

/** Whether a file is there, and which ones say so; none where a search found none. */
export interface FileAnswer {
  readonly verdict: Verdict;
  readonly files: readonly SeenFile[];
}

/**
 * Asks whether a file like that is on a machine. A file that was not reported is absent only where a search covers it:
 * unknown is not false.
 */
export class FileQuestion {
  readonly #folder: string;
  readonly #name: string;
  readonly #isNamedSo: (name: string) => boolean;
  readonly #sizeFrom: number;
  readonly #sizeUntil: number;
  readonly #written: { readonly fromMs: number; readonly untilMs: number } | undefined;
  readonly #sha256: readonly string[] | undefined;

  constructor({ path, written, sizeBytes, sha256 }: FileCondition) {
    const { folder, last } = splitPath(path);
    this.#folder = folder;
    this.#name = foldName(last);
    this.#isNamedSo = foldedGlob(this.#name);
    this.#sizeFrom = sizeBytes?.from ?? -Infinity;
    this.#sizeUntil = sizeBytes?.until ?? Infinity;
    this.#written = written && {
      fromMs: instantOf(written.from, -Infinity),
      untilMs: instantOf(written.until, Infinity),
    };
    this.#sha256 = sha256;
  }

  verdictOn(view: FactView): Verdict {
    let isUndecided = false;
    for (const file of this.#filesOf(view)) {
      const verdict = this.#judge(file);
      if (verdict === 'failed' || !this.#isNamedSo(file.foldedName)) continue;
      if (verdict === 'held') return verdict;
      isUndecided = true;
    }
    return isUndecided || !this.#isSearched(view) ? 'unknown' : 'failed';
  }

  /** The verdict with the files that it rests on. */
  answerOn(view: FactView): FileAnswer {
    const named = this.#filesOf(view).filter(file => this.#isNamedSo(file.foldedName));
    for (const verdict of ['held', 'unknown'] as const) {
      const file = named.find(one => this.#judge(one) === verdict);
      if (file) return { verdict, files: [file] };
    }
    return { verdict: this.#isSearched(view) ? 'failed' : 'unknown', files: named };
  }

  /** What a file comes to whatever its name. */
  #judge(file: SeenFile): Verdict {
    const { sizeBytes, sha256 } = file.fact;
    if (sizeBytes < this.#sizeFrom || sizeBytes >= this.#sizeUntil) return 'failed';
    if (this.#written) {
      const { fromMs, untilMs } = this.#written;
      if (!(file.writtenMs >= fromMs && file.writtenMs < untilMs)) return 'failed';
    }
    if (!this.#sha256) return 'held';
    return sha256 === undefined ? 'unknown' : verdictOf(this.#sha256.includes(sha256));
  }

  #filesOf(view: FactView): readonly SeenFile[] {
    return view.filesByFolder.get(this.#folder) ?? none;
  }

  #isSearched(view: FactView): boolean {
    return isCovered(view.searches, this.#folder, this.#name, this.#written?.fromMs);
  }
}

const none: readonly SeenFile[] = [];

/** What was seen, as a person reads it. */
export function sayAnswer({ verdict, files }: FileAnswer): string | undefined {
  if (files.length === 0) return verdict === 'failed' ? 'none found' : undefined;
  return files
    .slice(0, 3)
    .map(file => file.said)
    .join('; ');
}

const instantOf = (text: string | undefined, absent: number) =>
  text === undefined ? absent : Date.parse(text);
